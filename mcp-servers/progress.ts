import type { Notification, ProgressToken } from "@modelcontextprotocol/server";
import type { Logger } from "../shared/logger.ts";
import type { Progress } from "./tool.ts";

type Receiver = {
  /** What the caller wants its progress to be named by; without it nothing is sent. */
  token: ProgressToken | undefined;
  notify(notification: Notification): Promise<void>;
  log: Logger;
};

/** Sends how far a call is, in order. `sent` resolves when everything so far is on its way. */
export function createProgress({ token, notify, log }: Receiver) {
  let steps = 0;
  let last = Promise.resolve();

  return {
    progress(step: Progress): void {
      if (token === undefined) return;

      steps += 1;
      const params = { ...step, progress: step.progress ?? steps, progressToken: token };
      last = last
        .then(() => notify({ method: "notifications/progress", params }))
        .catch((error: unknown) => log.debug({ error }, "progress not sent"));
    },
    sent: () => last,
  };
}
