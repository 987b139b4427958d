import { z } from "zod";

/** What set an execution off, in our own shape. Expressions in a workflow see it as `repository`, `issue`, `sender`. */
export const Trigger = z.object({
  /** `label` or `command`. */
  kind: z.enum(["label", "command"]),
  delivery: z.string(),
  installation: z.number().int(),
  sender: z.object({ id: z.number().int(), login: z.string() }),
  repository: z.object({
    id: z.number().int(),
    owner: z.string(),
    name: z.string(),
    defaultBranch: z.string(),
  }),
  issue: z.object({ number: z.number().int(), title: z.string() }),
  /** What the person wrote after the command. */
  instructions: z.string().default(""),
  /** The comment that the command is in: one comment starts one execution. */
  comment: z.number().int().optional(),
  /** How many executions led to this one. */
  depth: z.number().int().optional(),
});
export type Trigger = z.infer<typeof Trigger>;
