// What an execution reads of its issue is what stood there when it was set off: who may start it has read that, and nothing else.
import { z } from "zod";
import type { Trigger } from "../../shared/trigger.ts";
import type { Toolbox } from "./toolbox.ts";

const readers = ["github.getIssue", "github.getPullRequest"];

const Discussed = z.looseObject({
  comments: z
    .array(z.looseObject({ id: z.number(), createdAt: z.string(), editedAt: z.string().nullable() }))
    .optional(),
});
type Comment = NonNullable<z.infer<typeof Discussed>["comments"]>[number];
type SetOff = Pick<Trigger, "issue" | "at" | "comment">;

/**
 * A toolbox that gives the title and the text of the execution's issue as its trigger has them, and no text of a comment
 * that was written or changed since. GitHub's times are whole seconds: what has the second of the trigger counts as later,
 * unless it comes before the comment that was the trigger.
 */
export function withTriggeredText(toolbox: Toolbox, trigger: SetOff): Toolbox {
  if (trigger.at === undefined) return toolbox;
  return {
    ...toolbox,
    async call(call) {
      const answer = await toolbox.call(call);
      if (!readers.includes(call.tool) || call.input.number !== trigger.issue.number || !answer.data)
        return answer;
      const data = asItWas(answer.data, trigger);
      return { ...answer, data, text: JSON.stringify(data) };
    },
  };
}

function asItWas(given: Record<string, unknown>, { issue, ...setOff }: SetOff): Record<string, unknown> {
  const { comments } = Discussed.parse(given);
  return {
    ...given,
    title: issue.title,
    ...(issue.body !== undefined && { body: issue.body }),
    ...(comments && {
      comments: comments.map((comment) =>
        isFromBefore(comment, setOff) ? comment : { ...comment, body: leftOut },
      ),
    }),
  };
}

const leftOut = "(Written or changed after this was set off, so it is not read.)";

function isFromBefore(
  { id, createdAt, editedAt }: Comment,
  { at = "", comment }: Omit<SetOff, "issue">,
): boolean {
  const isBefore = (time: string) => Date.parse(time) < Date.parse(at);
  if (editedAt !== null && !isBefore(editedAt)) return false;
  return isBefore(createdAt) || (comment !== undefined && comment > 0 && id <= comment);
}
