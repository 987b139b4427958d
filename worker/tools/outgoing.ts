// What a tool is given leaves the worker: without its secrets, or not at all.
import { PermanentFault } from "../../shared/errors.ts";
import type { Redact } from "../../shared/redact.ts";
import type { RegisteredServer } from "./registry.ts";

type Input = Record<string, unknown>;

/**
 * The arguments as they may leave. What is for the checkout stays as it is: it gets out only by a later call. Files to
 * commit can't be changed without being others than those that were verified: with a secret in them they are refused.
 */
export function outgoing(
  input: Input,
  server: Pick<RegisteredServer, "name" | "isThirdParty">,
  redact: Redact,
): Input {
  if (server.name === "workspace" && !server.isThirdParty) return input;
  const { files, ...rest } = input;
  const texts = redact.value(rest) as Input;
  if (files === undefined) return texts;
  if (redact.holdsSecret(files))
    throw new PermanentFault(
      `The files were not sent to ${server.name}: ${namesOf(files, redact)} holds a secret of this installation. Take it out of the change, and try again.`,
    );
  return { ...texts, files };
}

function namesOf(files: unknown, redact: Redact): string {
  const listed = Array.isArray(files) ? files : [files];
  const names = listed
    .filter((file) => redact.holdsSecret(file))
    .map((file: { path?: unknown } | null) => redact.text(String(file?.path ?? "one of them")));
  return names.slice(0, 5).join(", ");
}
