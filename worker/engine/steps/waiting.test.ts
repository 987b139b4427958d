// Steps that wait, on real rows: for a person, an event or a time.
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { createLogger } from "../../../shared/logger.ts";
import { RepositoryConfig } from "../../../shared/repository-config.ts";
import { parseWorkflow } from "../../../shared/workflow.ts";
import { type Executions, openExecutions } from "../../../test/executions.ts";
import { type Approval, createApprovals } from "../approvals.ts";
import { openJournal } from "../journal.ts";
import { runWorkflow } from "../run-workflow.ts";
import { createWaits } from "../waits.ts";
import { runApproveStep } from "./approve.ts";
import { runWaitStep } from "./wait.ts";

const log = createLogger("test", "silent");
let executions: Executions;
let source: string;
let reminders: string[] = [];
let isGitHubAway = false;
beforeAll(async () => {
  executions = await openExecutions();
});
afterAll(() => executions?.close());
afterEach(() => {
  reminders = [];
  isGitHubAway = false;
});
const query = (sql: string, ...values: unknown[]) => executions.db.pool.query(sql, values);

/** A new execution of a definition that has these steps. */
async function begin(steps: string): Promise<string> {
  source = `name: w\non: {}\nsteps:\n${steps}`;
  return executions.add();
}

/** Runs it as a worker does, as far as it goes. */
async function work(id: string, config = RepositoryConfig.parse({})) {
  const claim = await executions.claim(id);
  const { pool } = executions.db;
  const remind = async ({ hash }: Approval) => {
    if (isGitHubAway) throw new Error("bad gateway");
    reminders.push(hash);
  };
  const approvals = createApprovals(pool, claim, remind);
  const deps = { approvals, waits: createWaits(pool, claim), config, log };
  const journal = openJournal(pool, claim, { onChange() {} });
  const ending = await runWorkflow({
    execution: claim,
    config,
    definition: parseWorkflow(source, "w").definition,
    journal,
    runStep: async (task) => {
      if ("approve" in task.step) return runApproveStep(task.step, task, deps);
      if ("wait" in task.step) return runWaitStep(task.step, task, deps);
      return { output: task.inputs };
    },
    signal: new AbortController().signal,
    cancelled: new AbortController().signal,
    log,
  });
  await journal.leave(ending);
  return ending;
}

const due = (id: string) => query("UPDATE workflow_executions SET due_at = now() WHERE id = $1", id);
const stepsOf = async (id: string) =>
  Object.fromEntries(
    (await executions.db.prisma.workflowStep.findMany({ where: { executionId: id } })).map((row) => [
      row.stepId,
      row,
    ]),
  );
const approvalsOf = (executionId: string) =>
  executions.db.prisma.approval.findMany({ where: { executionId }, orderBy: { requestedAt: "asc" } });
const decide = (id: string, decision: string, reason: string | null = null) =>
  query(
    "UPDATE approvals SET decision = $2::approval_decision, decider = 'mia', reason = $3, decided_at = now() WHERE execution_id = $1 AND decision IS NULL",
    id,
    decision,
    reason,
  );

const plan = "  - { id: plan, tool: a.b, with: { summary: one } }\n";
const approval = `${plan}  - { id: ok, approve: { what: "\${{ steps.plan.outputs }}", base: abc, environment: production } }\n`;

test.each([
  ["write", { role: "admin", team: "acme/leads", "not-requester": true }],
  ["admin", { role: "admin", team: "acme/leads", "not-requester": true }],
])("the repository's rules come on top of a step's that asks for %s", async (role, rules) => {
  const id = await begin(`  - { id: ok, approve: { what: it, by: { role: ${role} } } }\n`);
  const approval = { role: "admin", team: "acme/leads", "not-requester": true };
  await work(id, RepositoryConfig.parse({ approval }));
  expect(await approvalsOf(id)).toMatchObject([{ rules }]);
});

test("the repository's rules take nothing away from a step's", async () => {
  const id = await begin(
    "  - { id: ok, approve: { what: it, by: { team: acme/owners, not-requester: true } } }\n",
  );
  await work(id, RepositoryConfig.parse({ approval: { role: "read", team: "acme/all" } }));
  const rules = { role: "maintain", team: "acme/owners", "not-requester": true };
  expect(await approvalsOf(id)).toMatchObject([{ rules }]);
});

test("an approval is asked for with what it covers, and its execution holds no lease while it waits", async () => {
  const id = await begin(approval);
  expect(await work(id)).toEqual({ status: "waiting", waitMs: expect.any(Number) });
  expect(await executions.row(id)).toMatchObject({ status: "waiting", leaseUntil: null });
  expect(await approvalsOf(id)).toMatchObject([
    {
      content: { summary: "one" },
      baseSha: "abc",
      environment: "production",
      decision: null,
      rules: { role: "maintain", "not-requester": false },
    },
  ]);
  expect((await stepsOf(id)).ok).toMatchObject({ status: "waiting" });
});

test("an approved execution goes on, and the step says who approved what", async () => {
  const id = await begin(approval);
  await work(id);
  const [asked] = await approvalsOf(id);
  await decide(id, "approved");
  await due(id);
  expect(await work(id)).toEqual({ status: "succeeded" });
  expect((await stepsOf(id)).ok?.output).toMatchObject({ approvedBy: "mia", hash: asked?.contentHash });
});

test("a rejection ends the execution with its reason", async () => {
  const id = await begin(approval);
  await work(id);
  await decide(id, "rejected", "too large");
  await due(id);
  expect(await work(id)).toEqual({ status: "failed", error: "ok: Rejected by mia: too large" });
});

test("an approval that nobody gives in time ends the execution: nothing approves itself", async () => {
  const id = await begin(approval);
  await work(id);
  await query("UPDATE approvals SET expires_at = now() WHERE execution_id = $1", id);
  await due(id);
  expect(await work(id)).toEqual({ status: "failed", error: "ok: Nobody approved it within 14 days." });
  expect(await approvalsOf(id)).toMatchObject([{ decision: "expired" }]);
});

test("people are reminded once", async () => {
  const id = await begin(approval);
  await work(id);
  await query("UPDATE approvals SET remind_at = now() WHERE execution_id = $1", id);
  for (let visit = 0; visit < 3; visit++) {
    await due(id);
    expect(await work(id)).toMatchObject({ status: "waiting" });
  }
  expect(reminders).toHaveLength(1);
});

test("a reminder that can't be posted is posted later, and the approval goes on waiting", async () => {
  const id = await begin(approval);
  await work(id);
  await query("UPDATE approvals SET remind_at = now() WHERE execution_id = $1", id);
  isGitHubAway = true;
  await due(id);
  expect(await work(id)).toEqual({ status: "waiting", waitMs: 10 * 60_000 });
  isGitHubAway = false;
  await due(id);
  await work(id);
  expect(reminders).toHaveLength(1);
});

test("what an earlier round left undecided is void: a decision counts for the approval that is asked for now", async () => {
  const id = await begin(approval);
  await work(id);
  await query("UPDATE workflow_executions SET round = 2, due_at = now() WHERE id = $1", id);
  await work(id);
  expect((await approvalsOf(id)).map(({ round, decision }) => ({ round, decision }))).toEqual([
    { round: 1, decision: "void" },
    { round: 2, decision: null },
  ]);
});

test("a change of the content makes an approval void, and the new content is asked for", async () => {
  const id = await begin(approval);
  await work(id);
  await decide(id, "approved");
  source = source.replace("summary: one", "summary: two");
  await query("DELETE FROM workflow_steps WHERE execution_id = $1", id);
  await due(id);
  expect(await work(id)).toMatchObject({ status: "waiting" });
  expect(await approvalsOf(id)).toMatchObject([
    { decision: "void", content: { summary: "one" } },
    { decision: null, content: { summary: "two" } },
  ]);
});

test.each([
  ["base", "base: abc", "base: def"],
  ["environment", "environment: production", "environment: staging"],
])("so does a change of the %s", async (_name, before, after) => {
  const id = await begin(approval);
  await work(id);
  await decide(id, "approved");
  source = source.replace(before, after);
  await due(id);
  expect(await work(id)).toMatchObject({ status: "waiting" });
  expect((await approvalsOf(id)).map(({ decision }) => decision)).toEqual(["void", null]);
});

test("a retry of the same content keeps the approval; one that was rejected is asked for again", async () => {
  const failing = await begin(`${approval}  - { id: then, approve: { what: "" } }\n`);
  await work(failing);
  await decide(failing, "approved");
  await due(failing);
  expect(await work(failing)).toMatchObject({ status: "failed" });
  await query(
    "UPDATE workflow_executions SET status = 'queued', round = 2, due_at = now() WHERE id = $1",
    failing,
  );
  await query("DELETE FROM workflow_steps WHERE execution_id = $1", failing);
  expect(await work(failing)).toMatchObject({ status: "failed" });
  expect(await approvalsOf(failing)).toHaveLength(1);

  await query("UPDATE approvals SET decision = 'rejected' WHERE execution_id = $1", failing);
  await query(
    "UPDATE workflow_executions SET status = 'queued', round = 3, due_at = now() WHERE id = $1",
    failing,
  );
  await query("DELETE FROM workflow_steps WHERE execution_id = $1", failing);
  expect(await work(failing)).toMatchObject({ status: "waiting" });
});

const merged = (number: number, repository = 1) =>
  JSON.stringify({
    action: "closed",
    repository: { id: repository },
    pull_request: { number, merged: true },
  });
const deliver = (id: string, payload: string, event = "pull_request") =>
  query(
    "INSERT INTO webhook_deliveries (id, event, payload, repository_id) VALUES ($1, $2, $3, 1)",
    id,
    event,
    Buffer.from(payload),
  );
const waitForMerge =
  "  - { id: merge, wait: { event: pull_request.closed, match: { pull_request.number: 7, pull_request.merged: true } } }\n";

test("an event that came before the step which waits for it is found; others are not taken for it", async () => {
  const id = await begin(waitForMerge);
  await deliver("other pull", merged(8));
  await deliver("other repository", merged(7, 2));
  await deliver("broken", "{");
  expect(await work(id)).toMatchObject({ status: "waiting" });
  await deliver("this one", merged(7));
  await due(id);
  expect(await work(id)).toEqual({ status: "succeeded" });
  expect((await stepsOf(id)).merge?.output).toMatchObject({
    delivery: "this one",
    event: "pull_request.closed",
    payload: { pull_request: { number: 7 } },
  });
});

test("what came before is found among however many others", async () => {
  const id = await begin(waitForMerge);
  await query(
    `INSERT INTO webhook_deliveries (id, event, payload, repository_id)
     SELECT 'one-of-many-' || n, 'pull_request', '{}', 1 FROM generate_series(1, 1500) n`,
  );
  await deliver("late", merged(7));
  expect(await work(id)).toEqual({ status: "succeeded" });
  expect((await stepsOf(id)).merge?.output).toMatchObject({ delivery: "late" });
});

test("each delivery serves one step of an execution", async () => {
  const id = await begin(waitForMerge + waitForMerge.replace("id: merge", "id: again"));
  await deliver("only one", merged(7));
  expect(await work(id)).toMatchObject({ status: "waiting" });
  expect(await stepsOf(id)).toMatchObject({ merge: { status: "succeeded" }, again: { status: "waiting" } });
});

test("an event that never comes fails the step after its days", async () => {
  const id = await begin(waitForMerge.replace("number: 7", "number: 99"));
  await work(id);
  await query("UPDATE waits SET until = now() WHERE execution_id = $1", id);
  await due(id);
  expect(await work(id)).toEqual({
    status: "failed",
    error: "merge: No `pull_request.closed` came within 7 days (`expires-after-days`).",
  });
});

test("a step that waits for a time goes on when it has come", async () => {
  const id = await begin("  - { id: pause, wait: { minutes: 5 } }\n");
  expect(await work(id)).toEqual({ status: "waiting", waitMs: expect.any(Number) });
  const row = await executions.row(id);
  expect((row.dueAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(4 * 60_000);
  await query("UPDATE waits SET until = now() WHERE execution_id = $1", id);
  await due(id);
  expect(await work(id)).toEqual({ status: "succeeded" });
});

test("a time that is too far away fails the step", async () => {
  const id = await begin("  - { id: pause, wait: { until: '2999-01-01T00:00:00Z' } }\n");
  expect(await work(id)).toMatchObject({
    status: "failed",
    error: expect.stringContaining("90 days are the most"),
  });
});

test("a time that is none fails the step with what was expected", async () => {
  const id = await begin("  - { id: pause, wait: { until: tomorrow } }\n");
  expect(await work(id)).toMatchObject({
    status: "failed",
    error: expect.stringContaining("2027-01-31T09:00:00Z"),
  });
});
