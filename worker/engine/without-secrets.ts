import type { Redact } from "../../shared/redact.ts";
import type { Journal } from "./journal.ts";

/** A journal whose errors hold no secret: they are what a report shows, and what a tool or a provider said. */
export function withoutSecrets(journal: Journal, { text }: Redact): Journal {
  const clean = <T extends object>(outcome: T): T =>
    "error" in outcome && typeof outcome.error === "string"
      ? { ...outcome, error: text(outcome.error) }
      : outcome;
  return {
    ...journal,
    finish: (step, outcome, durationMs) => journal.finish(step, clean(outcome), durationMs),
    retryLater: (step, error, waitMs) => journal.retryLater(step, text(error), waitMs),
    leave: (ending) => journal.leave(clean(ending)),
  };
}
