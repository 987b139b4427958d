import { z } from "zod";
import { roles } from "./role.ts";
import { startEvents } from "./workflow-starts.ts";

/** A pull request as it was when the execution was set off. */
const TriggerPullRequest = z.object({
  number: z.number().int(),
  head: z.object({
    ref: z.string(),
    sha: z.string(),
    /** `owner/name`, or null when the fork is gone. */
    repository: z.string().nullable(),
  }),
  base: z.object({ ref: z.string(), sha: z.string() }),
  /** Whether its head is in another repository: then it is only read. */
  isFork: z.boolean(),
  /** Whether an execution opened it. */
  byApp: z.boolean(),
});
export type TriggerPullRequest = z.infer<typeof TriggerPullRequest>;

/** A run of GitHub Actions. */
const TriggerRun = z.object({
  id: z.number().int(),
  attempt: z.number().int(),
  name: z.string(),
  conclusion: z.string(),
  url: z.string(),
});

const TriggerReview = z.object({ id: z.number().int(), state: z.string(), url: z.string() });

/** What a command was written in: a comment on an issue or pull request, a review, a comment on a line of a diff. */
const TriggerSource = z.object({
  kind: z.enum(["comment", "review", "review-comment"]),
  id: z.number().int(),
  /** Its id in GraphQL, which all three have. */
  node: z.string(),
});
export type TriggerSource = z.infer<typeof TriggerSource>;

/**
 * SQL: what set an execution (`e`) off, with its repository (`r`) by the name and the installation that it has now. Both
 * may change while an execution lasts.
 */
export const currentTrigger = `e.trigger || jsonb_build_object('installation', r.installation_id, 'repository',
  e.trigger->'repository' || jsonb_build_object('owner', r.owner, 'name', r.name))`;

/** What set an execution off, in our own shape. Expressions in a workflow see its parts by these names. */
export const Trigger = z.object({
  kind: z.enum(["label", "assignment", "command", ...startEvents]),
  delivery: z.string(),
  installation: z.number().int(),
  sender: z.object({ id: z.number().int(), login: z.string() }),
  repository: z.object({
    id: z.number().int(),
    owner: z.string(),
    name: z.string(),
    defaultBranch: z.string(),
    /** Its id in GraphQL. */
    node: z.string().optional(),
  }),
  /** The issue, or the pull request, that it is about: they share their numbers. Its text as it was then. */
  issue: z.object({
    number: z.number().int(),
    title: z.string(),
    body: z.string().optional(),
    /** Its id in GraphQL. */
    node: z.string().optional(),
  }),
  /** When it happened, by GitHub's clock: what people write from then on is not what was set off. */
  at: z.iso.datetime().optional(),
  /** The role that the sender needs, which is asked again when the execution begins. Of nobody's wish there is none. */
  needs: z.enum(roles).optional(),
  /** What it is about, when that is a pull request. */
  pullRequest: TriggerPullRequest.optional(),
  /** Of `workflow_run`. */
  run: TriggerRun.optional(),
  /** Of `pull_request_review`. */
  review: TriggerReview.optional(),
  /** What the person wrote after the command. */
  instructions: z.string().default(""),
  /** The command's name, as the person wrote it. */
  command: z.string().optional(),
  /** What the command was written in. */
  source: TriggerSource.optional(),
  /** The comment that the command is in: one comment starts one execution. */
  comment: z.number().int().optional(),
  /** How many executions led to this one. */
  depth: z.number().int().optional(),
});
export type Trigger = z.infer<typeof Trigger>;
