import type { Redact } from "../../shared/redact.ts";
import type { Journal } from "./journal.ts";

/** A journal whose errors hold no secret: they are what a report shows, and what a tool or a provider said. */
export function withoutSecrets(journal: Journal, redact: Redact): Journal {
  const clean = <T extends object>(given: T): T => ({
    ...given,
    ...("error" in given && typeof given.error === "string" && { error: redact.text(given.error) }),
    ...("reason" in given && typeof given.reason === "string" && { reason: redact.text(given.reason) }),
  });
  return {
    ...journal,
    finish: (step, outcome, durationMs) => journal.finish(step, clean(outcome), durationMs),
    retryLater: (step, error, waitMs) => journal.retryLater(step, redact.text(error), waitMs),
    leave: (ending) => journal.leave(clean(ending)),
  };
}
