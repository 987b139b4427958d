// What the steps of an execution have left for its report: the pull request and its head, what was verified and found.
import { z } from "zod";
import type { Step } from "../../shared/step.ts";
import type { TriggerPullRequest } from "../../shared/trigger.ts";

const Opened = z.object({ number: z.number(), headSha: z.string() });
const Pushed = z.object({ sha: z.string() });
const Verified = z.object({ evidence: z.string() });
const Finding = z.object({
  path: z.string(),
  line: z.number().int(),
  startLine: z.number().int().optional(),
  side: z.enum(["LEFT", "RIGHT"]).default("RIGHT"),
  severity: z.enum(["blocker", "major", "minor", "nit"]).optional(),
  title: z.string().default(""),
  body: z.string(),
});
/** What a review says of some lines. */
export type Finding = z.infer<typeof Finding>;
const Found = z.object({ findings: z.array(Finding) });
const Reviewed = z.object({ state: z.string().toLowerCase() });

export type Outputs = {
  /** The pull request that was opened, or that it was set off on, with the commit that the execution is at. */
  pullRequest?: { number: number; headSha: string };
  evidence?: string;
  findings: Finding[];
  /** Whether its review may keep the pull request from being merged. */
  requestsChanges: boolean;
};

type Row = { stepId: string; status: string; output: unknown };

export function outputsOf(steps: Step[], rows: Row[], pull: TriggerPullRequest | undefined): Outputs {
  const left = steps.flatMap((step) => {
    const row = rows.find(({ stepId }) => stepId === step.id);
    return row?.status === "succeeded" ? [{ step, output: row.output }] : [];
  });
  const ofTool = <T>(tool: string, schema: z.ZodType<T>) =>
    parsed(
      left.filter(({ step }) => "tool" in step && step.tool === tool),
      schema,
    );
  const ofAgents = left.filter(({ step }) => "agent" in step);

  const opened = ofTool("github.createPullRequest", Opened).at(-1);
  const on = opened ?? (pull && { number: pull.number, headSha: pull.head.sha });
  const pushed = ofTool("github.commitChanges", Pushed).at(-1);
  const verified = parsed(
    ofAgents.filter(({ step }) => "until" in step && step.until !== undefined),
    Verified,
  );
  return {
    pullRequest: on && { number: on.number, headSha: pushed?.sha ?? on.headSha },
    evidence: verified.at(-1)?.evidence,
    findings: parsed(ofAgents, Found).flatMap(({ findings }) => findings),
    requestsChanges: ofTool("github.createReview", Reviewed).some(
      ({ state }) => state === "changes_requested",
    ),
  };
}

function parsed<T>(left: { output: unknown }[], schema: z.ZodType<T>): T[] {
  return left.flatMap(({ output }) => {
    const result = schema.safeParse(output);
    return result.success ? [result.data] : [];
  });
}
