import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { createRedact } from "../../shared/redact.ts";
import { steeringOf } from "../../test/agent-steps.ts";
import { type Executions, openExecutions } from "../../test/executions.ts";
import { createTranscriptStore } from "../agent/transcript.ts";
import { openAudit } from "../tools/audit.ts";
import { createApprovals } from "./approvals.ts";
import type { Claim } from "./claim.ts";
import { openJournal } from "./journal.ts";
import { StaleLease } from "./lease.ts";
import { createWaits } from "./waits.ts";

const nothing = () => {};
let executions: Executions;
beforeAll(async () => {
  executions = await openExecutions();
});
afterAll(() => executions?.close());
const pool = () => executions.db.pool;

const model = { provider: "anthropic" as const, name: "sample" };
const run = { stepId: "plan", agent: "plan", model, system: "Plan.", tools: [] };
const call = {
  stepId: "issue",
  server: "github",
  tool: "getIssue",
  arguments: {},
  result: {},
  error: null,
  startedAt: new Date(0),
  completedAt: new Date(5),
};
const at = (id: string, position: number, attempt = 1) => ({ id, position, attempt });

describe("a stale worker", () => {
  const step = at("issue", 0);
  const request = {
    stepId: "approval",
    what: "a plan",
    rules: { role: "maintain" as const, "not-requester": false },
    remindAfterDays: 1,
    expiresAfterDays: 2,
  };

  /** An execution that a first worker has begun and a second one has now. */
  async function takenOver() {
    const id = await executions.add();
    const claim = await executions.claim(id);
    const journal = openJournal(pool(), claim, { onChange: nothing });
    const transcript = await createTranscriptStore(pool(), claim, { onChange: nothing }).open(run);
    const audit = openAudit(pool(), claim, createRedact());
    await executions.expire(id);
    await executions.claim(id);
    return { id, claim, journal, transcript, audit };
  }
  type TakenOver = Awaited<ReturnType<typeof takenOver>>;

  test.each<[string, (stale: TakenOver) => Promise<unknown>]>([
    ["begins no step", ({ journal }) => journal.begin(step, {})],
    ["finishes no step", ({ journal }) => journal.finish(step, { status: "succeeded" }, 1)],
    ["retries no step", ({ journal }) => journal.retryLater(step, "stale", 1)],
    ["ends no execution", ({ journal }) => journal.leave({ status: "failed", error: "stale" })],
    ["keeps no artifact", ({ journal }) => journal.begin(step, { text: "x".repeat(2 ** 21) })],
    [
      "opens no transcript",
      ({ claim }) => createTranscriptStore(pool(), claim, { onChange: nothing }).open(run),
    ],
    ["says nothing", ({ transcript }) => transcript.say({ role: "user", kind: "task", text: "stale" })],
    ["ends no agent run", ({ transcript }) => transcript.finish("cancelled")],
    [
      "writes no tool call",
      async ({ audit }) => {
        await audit.record(call);
        await audit.flush();
      },
    ],
    ["asks for no approval", ({ claim }) => createApprovals(pool(), claim, async () => {}).ask(request)],
    ["waits for nothing", ({ claim }) => createWaits(pool(), claim).forTime("wait", 1_000)],
    ["takes no message", ({ claim, id }) => steeringOf(claim, pool()).said(id)],
  ])("%s", async (_name, write) => {
    const stale = await takenOver();
    const before = await executions.row(stale.id);
    await expect(write(stale)).rejects.toBeInstanceOf(StaleLease);
    expect(await executions.row(stale.id)).toEqual(before);
    const of = { where: { executionId: stale.id } };
    const { prisma } = executions.db;
    expect(await prisma.workflowStep.count(of)).toBe(0);
    expect(await prisma.mcpToolCall.count(of)).toBe(0);
    expect(await prisma.approval.count(of)).toBe(0);
    expect(await prisma.wait.count(of)).toBe(0);
    expect(await prisma.artifact.count(of)).toBe(0);
    expect(await prisma.agentRun.findMany({ ...of, include: { messages: true } })).toMatchObject([
      { outcome: null, messages: [] },
    ]);
  });
});

describe("the journal", () => {
  let id: string;
  let changes: number;
  let claim: Claim;
  let journal: ReturnType<typeof openJournal>;
  beforeEach(async () => {
    id = await executions.add();
    changes = 0;
    claim = await executions.claim(id);
    const onChange = () => {
      changes += 1;
    };
    journal = openJournal(pool(), claim, { onChange });
  });
  const saved = async () =>
    Object.fromEntries((await journal.savedSteps()).map(({ stepId, ...step }) => [stepId, step]));

  test("holds what steps gave for the next worker", async () => {
    await journal.begin(at("b", 1), { a: 1 });
    await journal.finish(at("b", 1), { status: "failed", error: "no" }, 3);
    await journal.finish(at("a", 0), { status: "skipped" }, 1);
    await journal.begin(at("c", 2), {});
    expect(await saved()).toEqual({
      a: { attempt: 1, status: "skipped", output: null, error: null, waitMs: 0, firstAttempt: 1 },
      b: { attempt: 1, status: "failed", output: null, error: "no", waitMs: 0, firstAttempt: 1 },
      c: { attempt: 1, status: "running", output: null, error: null, waitMs: 0, firstAttempt: 1 },
    });
    expect(changes).toBe(4);
    expect((await executions.row(id)).revision).toBe(5);
  });

  test("takes what a command may print: NUL characters and halves of characters, in outputs and in errors", async () => {
    const text = "a\u0000b\ud800c";
    const output = { stdout: text };
    await journal.finish(at("a", 0), { status: "succeeded", output }, 1);
    await journal.finish(at("b", 1), { status: "failed", error: text }, 1);
    await journal.leave({ status: "failed", error: text });
    const clean = "a\uFFFDb\uFFFDc";
    expect(await saved()).toMatchObject({ a: { output: { stdout: clean } }, b: { error: clean } });
    expect(await executions.row(id)).toMatchObject({ status: "failed", error: clean });
  });

  test("an attempt that failed stays, and the next one waits for its time", async () => {
    await journal.begin(at("a", 0), {});
    await journal.retryLater(at("a", 0), "bad gateway", 60_000);
    const { a } = await saved();
    expect(a).toMatchObject({ attempt: 2, firstAttempt: 1, status: "pending" });
    expect(a?.waitMs).toBeGreaterThan(50_000);
    await journal.finish(at("a", 0, 2), { status: "succeeded", output: { ok: true } }, 5);
    const rows = await executions.db.prisma.workflowStep.findMany({
      where: { executionId: id },
      orderBy: { attempt: "asc" },
    });
    expect(rows.map(({ attempt, status, error }) => ({ attempt, status, error }))).toEqual([
      { attempt: 1, status: "failed", error: "bad gateway" },
      { attempt: 2, status: "succeeded", error: null },
    ]);
  });

  test("an output of over 1 MB is kept beside its row and comes back whole; one of over 64 MB is refused with its size", async () => {
    const output = { text: randomBytes(1024 * 1024).toString("hex") };
    await journal.finish(at("a", 0), { status: "succeeded", output }, 1);
    const row = await executions.db.prisma.workflowStep.findFirstOrThrow({ where: { executionId: id } });
    expect(row.output).toEqual({ $artifact: { sha256: expect.any(String), bytes: 2 * 1024 * 1024 + 11 } });
    expect((await saved()).a?.output).toEqual(output);
    const huge = { text: "x".repeat(65 * 1024 * 1024) };
    await expect(journal.finish(at("b", 1), { status: "succeeded", output: huge }, 1)).rejects.toThrow(
      "The output has 66 MB, and at most 64 MB are kept.",
    );
  });

  test("what made it due while it ran is not overlooked when it is left waiting", async () => {
    await pool().query("UPDATE workflow_executions SET due_at = now() + interval '1 ms' WHERE id = $1", [id]);
    await journal.leave({ status: "waiting", waitMs: 3_600_000 });
    const row = await executions.row(id);
    expect(row.dueAt?.getTime()).toBeLessThanOrEqual(Date.now() + 1_000);
    expect(row.leaseUntil).toBeNull();
  });

  test("a call's row is written with what is saved next, and one that nothing was saved after by a flush", async () => {
    const audit = openAudit(pool(), claim, createRedact());
    const rows = () =>
      executions.db.prisma.mcpToolCall.findMany({ where: { executionId: id }, orderBy: { sequence: "asc" } });
    const saving = { onChange: nothing, audit };
    const steps = openJournal(pool(), claim, saving);
    const transcript = await createTranscriptStore(pool(), claim, saving).open(run);
    const saves: (() => Promise<unknown>)[] = [
      () => steps.begin(at("a", 0), {}),
      () => transcript.say({ role: "user", kind: "task", text: "Do it." }),
      () => steps.finish(at("a", 0), { status: "succeeded" }, 1),
      () => steps.retryLater(at("b", 1), "bad gateway", 1),
      () => audit.flush(),
    ];
    for (const [index, save] of saves.entries()) {
      await audit.record(call);
      expect(await rows()).toHaveLength(index);
      await save();
      expect(await rows()).toHaveLength(index + 1);
    }
  });

  test("what can't be saved leaves its calls to what is saved next", async () => {
    const audit = openAudit(pool(), claim, createRedact());
    await audit.record(call);
    await expect(audit.saving(() => Promise.reject(new Error("no connection")))).rejects.toThrow(
      "no connection",
    );
    await audit.record(call);
    await audit.flush();
    expect(await executions.db.prisma.mcpToolCall.count({ where: { executionId: id } })).toBe(2);
  });

  test("what brings the execution further makes its faults forgotten; a step that begins does not", async () => {
    const faults = async () => (await executions.row(id)).faults;
    const fault = () => pool().query("UPDATE workflow_executions SET faults = 3 WHERE id = $1", [id]);
    await fault();
    await journal.begin(at("a", 0), {});
    expect(await faults()).toBe(3);
    await journal.finish(at("a", 0), { status: "succeeded" }, 1);
    expect(await faults()).toBe(0);
    await fault();
    await journal.retryLater(at("b", 1), "bad gateway", 1);
    expect(await faults()).toBe(0);
  });

  test("a pause that was taken back before it was obeyed leaves the execution due", async () => {
    await journal.leave({ status: "paused" });
    expect(await executions.row(id)).toMatchObject({ status: "queued", dueAt: expect.any(Date) });
  });

  test("what waits for a person's decision is paused, with what is asked for", async () => {
    await journal.leave({ status: "paused", reason: "Type `/afu9 resume`." });
    const row = await executions.row(id);
    expect(row).toMatchObject({ status: "paused", error: "Type `/afu9 resume`.", dueAt: null });
    expect(row.leaseUntil).toBeNull();
  });

  test.each([
    ["a decision", "due_at = now() + interval '1 ms'"],
    ["a cancellation", "wish = 'cancel', due_at = now() + interval '1 ms'"],
  ])("%s that came before it was left is not waited for", async (_name, change) => {
    await pool().query(`UPDATE workflow_executions SET ${change} WHERE id = $1`, [id]);
    await journal.leave({ status: "paused", reason: "Decide." });
    expect(await executions.row(id)).toMatchObject({ status: "queued", dueAt: expect.any(Date) });
  });
});
