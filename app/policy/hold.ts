import { Refusal } from "../../shared/errors.ts";
import { type Labelled, labelsOf } from "../labels-of.ts";
import { onHold } from "../replies.ts";

/** Throws a `Refusal` while an issue or a pull request has the label that lets nothing begin or go on there. */
export function requireNoHold(issue: Labelled, { labels }: { labels: { hold: string } }): void {
  if (labelsOf(issue).has(labels.hold.toLowerCase())) throw new Refusal(onHold(labels.hold));
}
