// A call from a workflow of GitHub Actions: what it says, and how it is signed. docs/actions.md has such a workflow.
import { z } from "zod";

/** The event of the row that a call becomes. GitHub has none of that name. */
export const actionsEvent = "afu9_actions";

/** A clock may be wrong by so much, and a call as long under way. An older one may be somebody else's copy. */
export const validSeconds = 300;

export const ActionsCall = z.strictObject({
  repository: z.string().regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/, "expected OWNER/NAME"),
  /** The issue, or the pull request. */
  number: z.number().int().positive(),
  /** What a person would type after `/afu9`. */
  command: z.string().trim().min(1).max(10_000),
  /** The run of the workflow that calls. GitHub is asked who set it off. */
  run: z.number().int().positive(),
  /** When it was signed, in seconds since 1970. */
  timestamp: z.number().int(),
  /** Another one for each call: the same call is not taken twice. */
  nonce: z.string().regex(/^[\w-]{16,64}$/, "expected 16 to 64 letters and digits, drawn at random"),
});
export type ActionsCall = z.infer<typeof ActionsCall>;
