import { afterEach, expect, test } from "@jest/globals";
import { type Control, requestControl } from "../../shared/control.ts";
import { createLogger } from "../../shared/logger.ts";
import { createQueues } from "../../shared/queue.ts";
import { eventually } from "../eventually.ts";
import { answer, buggyRepository, edit, goodScript, plan } from "../sample.ts";
import { type System, startSystem } from "../system.ts";

const at = { owner: "acme", repo: "sample" };
let system: System | undefined;
afterEach(async () => {
  await system?.close();
  system = undefined;
});

/** An agent that is busy with a long command when something is asked of its execution. */
const busy = { text: "I look.", calls: [{ name: "runCommand", input: { command: "sleep 20" } }] };
const script = [...plan, busy, edit("a - b", "a + b"), answer];

async function begin(replies = script) {
  const started = await startSystem({ script: replies, files: buggyRepository });
  system = started;
  const { data: issue } = await started.maintainer.rest.issues.create({
    ...at,
    title: "add(2, 2) is 0",
    labels: ["afu9"],
  });
  const execution = await eventually("the execution", async () => {
    return (await started.db.prisma.workflowExecution.findFirst()) ?? undefined;
  });
  const { id } = execution;
  const row = () => started.db.prisma.workflowExecution.findUniqueOrThrow({ where: { id } });
  const comment = async () =>
    (await started.maintainer.rest.issues.listComments({ ...at, issue_number: issue.number })).data.at(-1)
      ?.body ?? "";
  return {
    system: started,
    issue: issue.number,
    id,
    row,
    /** Waits until the agent has asked for the long command. */
    busy: () =>
      eventually("the agent to be busy", async () => {
        const run = await started.db.prisma.agentRun.findFirst({ where: { agent: "implement" } });
        return run && run.turns > 0 ? true : undefined;
      }),
    becomes: (status: string) =>
      eventually(`the execution to be ${status}`, async () => {
        const now = await row();
        return now.status === status ? now : undefined;
      }),
    /** Waits until the comment on the issue says something. */
    says: (text: string) =>
      eventually(`the comment to say "${text}"`, async () => {
        const body = await comment();
        return body.includes(text) ? body : undefined;
      }),
    async ask(kind: Control["kind"], text = "") {
      const queues = createQueues({ databaseUrl: started.databaseUrl, log: createLogger("test", "silent") });
      await requestControl({ execution: id, kind, text, requestedBy: "mia" }, { db: started.db, queues });
      await queues.close();
    },
    turns: async () =>
      (await started.db.prisma.agentMessage.findMany({ orderBy: { createdAt: "asc" } })).map(
        ({ message }) => message as { role: string; kind?: string; text: string },
      ),
  };
}

test("a cancelled execution stops its agent, removes its checkout and says who stopped it", async () => {
  const execution = await begin();
  await execution.busy();
  await execution.ask("cancel");
  const row = await execution.becomes("cancelled");
  expect(row.error).toBe("Cancelled by mia.");
  const [control] = await execution.system.db.prisma.executionControl.findMany();
  expect(control).toMatchObject({ kind: "cancel", requestedBy: "mia", obeyedAt: expect.any(Date) });

  const steps = await execution.system.db.prisma.workflowStep.findMany({ orderBy: { position: "asc" } });
  expect(steps.slice(-6).map(({ stepId, status }) => `${stepId} ${status}`)).toEqual([
    "implement cancelled",
    "changes skipped",
    "branch skipped",
    "commit skipped",
    "pull-request skipped",
    "close succeeded",
  ]);
  const text = await execution.says("### AFU-9 was stopped");
  expect(text).toContain("Cancelled by mia.");
  expect(text).toContain("`/afu9 retry`");
  const { data: pulls } = await execution.system.maintainer.rest.pulls.list({ ...at, state: "all" });
  expect(pulls).toEqual([]);
}, 60_000);

test("a paused execution goes on where it was: no turn is paid for twice", async () => {
  const quick = { ...busy, calls: [{ name: "runCommand", input: { command: "sleep 3" } }] };
  const execution = await begin([...plan, quick, edit("a - b", "a + b"), answer]);
  await execution.busy();
  await execution.ask("pause");
  expect(await execution.becomes("paused")).toMatchObject({ leaseUntil: null, dueAt: null });
  await execution.says("### AFU-9 is paused");
  const before = await execution.turns();

  await execution.ask("resume");
  const row = await execution.system.finished(execution.issue);
  expect({ status: row.status, error: row.error }).toEqual({ status: "succeeded", error: null });
  const after = await execution.turns();
  expect(after.slice(0, before.length)).toEqual(before);
  expect(after.filter(({ role }) => role === "assistant")).toHaveLength(script.length);
}, 60_000);

test("what a person tells a running agent is in its next turn, once", async () => {
  const quick = { ...busy, calls: [{ name: "runCommand", input: { command: "sleep 3" } }] };
  const execution = await begin([...plan, quick, edit("a - b", "a + b"), answer]);
  await execution.busy();
  await execution.ask("steer", "Keep the function's name.");
  expect((await execution.system.finished(execution.issue)).status).toBe("succeeded");
  const turns = await execution.turns();
  const said = turns.filter(({ kind }) => kind === "steer");
  expect(said).toHaveLength(1);
  expect(said[0]?.text).toContain("Keep the function's name.");
  const place = turns.findIndex(({ kind }) => kind === "steer");
  expect(turns[place - 1]?.role).toBe("tool");
  expect(turns[place + 1]?.role).toBe("assistant");
}, 60_000);

test("a retry goes on at the step that failed: what was planned, written and paid for stays", async () => {
  const execution = await begin(goodScript);
  // GitHub refuses the pull request, once.
  await execution.system.github.addFault({ method: "POST", path: "/repos/*/*/pulls", status: 403, times: 1 });
  const failed = await execution.system.finished(execution.issue);
  expect(failed.status).toBe("failed");
  await execution.says("`/afu9 retry`");
  const paid = await execution.turns();

  await execution.ask("retry");
  const row = await eventually("the retry to end", async () => {
    const now = await execution.row();
    return now.round === 2 && now.finishedAt && now.reported === now.revision ? now : undefined;
  });
  expect({ status: row.status, error: row.error }).toEqual({ status: "succeeded", error: null });
  expect(await execution.turns()).toEqual(paid);
  const { data: pulls } = await execution.system.maintainer.rest.pulls.list({ ...at, state: "all" });
  expect(pulls).toHaveLength(1);
  const attempts = await execution.system.db.prisma.workflowStep.findMany({ where: { attempt: 2 } });
  expect(attempts.map(({ stepId }) => stepId).sort()).toEqual(["close", "pull-request", "workspace"]);
}, 60_000);

test("a retry that is taken up late is of no use to who has lost the role meanwhile, and they are told", async () => {
  const execution = await begin(goodScript);
  await execution.system.github.addFault({ method: "POST", path: "/repos/*/*/pulls", status: 403, times: 1 });
  const failed = await execution.system.finished(execution.issue);
  expect(failed.status).toBe("failed");
  await execution.system.worker.close();
  const { maintainer, github, db } = execution.system;
  await maintainer.rest.issues.createComment({ ...at, issue_number: execution.issue, body: "/afu9 retry" });
  await execution.becomes("queued");
  await db.pool.query("UPDATE execution_controls SET requested_at = requested_at - interval '2 minutes'");
  await github.setCollaborator("acme/sample", "maintainer", "triage");

  await execution.system.startWorker();
  const told = "`maintainer`, who had this tried again, may not any more: it needs the role `write`";
  await eventually("the report to tell it", async () => {
    const { data } = await maintainer.rest.issues.listComments({ ...at, issue_number: execution.issue });
    return data.some(({ user, body }) => user?.type === "Bot" && body?.includes(told)) || undefined;
  });
  expect(await execution.row()).toMatchObject({ status: "failed", round: 2 });
}, 150_000);
