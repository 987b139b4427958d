// The controls of a local AWS in another process.
import { type AwsControls, controlsOf } from "./controls.ts";
import { createWorld } from "./world.ts";

type Remote<Controls> = {
  [Service in keyof Controls]: {
    [Name in keyof Controls[Service]]: Controls[Service][Name] extends (...input: infer Input) => infer Result
      ? (...input: Input) => Promise<Awaited<Result>>
      : never;
  };
};

/** The same controls as those of `startAws`, over HTTP. They throw with the words of the other side. */
export function connectAws(url: string): Remote<AwsControls> {
  const remote = Object.entries(controlsOf(createWorld())).map(([service, controls]) => {
    const names = Object.keys(controls);
    return [service, Object.fromEntries(names.map((name) => [name, callerOf(url, `${service}/${name}`)]))];
  });
  return Object.fromEntries(remote) as Remote<AwsControls>;
}

function callerOf(url: string, path: string) {
  return async (input: unknown = null): Promise<unknown> => {
    const response = await fetch(`${url}/_local/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(input),
    });
    const { result, message } = (await response.json()) as { result?: unknown; message?: string };
    if (!response.ok) throw new Error(`The local AWS refused ${path}: ${message}`);
    return result;
  };
}
