import { messageOf } from "./errors.ts";
import type { Logger } from "./logger.ts";

export type Repeating = { stop(): void };

/** Does something now and again, never twice at once. A failure is logged, and it is tried again at the next turn. */
export function every(milliseconds: number, log: Logger, work: () => Promise<void>): Repeating {
  let timer = setTimeout(turn, milliseconds);
  let isStopped = false;

  function turn() {
    work()
      .catch((error) => log.warn({ error: messageOf(error) }, "housekeeping failed"))
      .finally(() => {
        if (!isStopped) timer = setTimeout(turn, milliseconds);
      });
  }
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
