// Starts processes that may not come up yet: while AFU-9 is being set up, what is missing is mended beside them.
import { setTimeout } from "node:timers/promises";
import { messageOf } from "../../shared/errors.ts";
import { type ProcessSpec, type SuperviseOptions, supervise } from "../supervise.ts";

const againMs = 3_000;

type Options = Pick<SuperviseOptions, "onLine" | "onEnd"> & {
  /** Why a process does not come up; undefined when it has. */
  onFailing(name: string, reason: string | undefined): void;
};

/** Starts each process by itself, again and again until it is up, and from then on keeps it up. */
export function keepTrying(
  specs: ProcessSpec[],
  { onFailing, ...options }: Options,
): { close(): Promise<void> } {
  const closing = new AbortController();

  async function keepUp(spec: ProcessSpec): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        const supervised = await supervise([spec], { ...options, restart: true, signal: closing.signal });
        onFailing(spec.name, undefined);
        await new Promise((resolve) => closing.signal.addEventListener("abort", resolve, { once: true }));
        return await supervised.close();
      } catch (error) {
        if (closing.signal.aborted) return;
        onFailing(spec.name, lastLine(messageOf(error)));
        await setTimeout(againMs, undefined, { signal: closing.signal }).catch(() => {});
      }
    }
  }
  const all = specs.map(keepUp);
  return {
    async close() {
      closing.abort();
      await Promise.all(all);
    },
  };
}

/** The last that a process said is why it has ended. */
function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? text;
}
