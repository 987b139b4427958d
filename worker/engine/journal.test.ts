import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { connectDatabase, type Database } from "../../shared/db.ts";
import { createLogger } from "../../shared/logger.ts";
import type { Trigger } from "../../shared/trigger.ts";
import { createDatabase, type TestDatabase } from "../../test/database.ts";
import { createTranscriptStore } from "../agent/transcript.ts";
import type { Model } from "../llm/model.ts";
import { openAudit } from "../tools/audit.ts";
import { openJournal } from "./journal.ts";
import { type Claim, claimExecution, keepLease, releaseExecution, StaleLease } from "./lease.ts";

const log = createLogger("test", "silent");
let database: TestDatabase;
let db: Database;
let workflowId: string;
let issueNumber = 0;
beforeAll(async () => {
  database = await createDatabase();
  db = connectDatabase(database.url, { max: 5 });
  const repository = { installationId: 1, owner: "acme", name: "sample", defaultBranch: "main" };
  await db.prisma.repository.create({ data: { id: 1, ...repository } });
  const workflow = await db.prisma.workflow.create({
    data: { name: "w", version: "1", source: "steps: []" },
  });
  workflowId = workflow.id;
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

async function newExecution(): Promise<string> {
  issueNumber += 1;
  const deliveryId = randomUUID();
  const trigger: Trigger = {
    kind: "label",
    delivery: deliveryId,
    installation: 1,
    sender: { id: 1, login: "pat" },
    repository: { id: 1, owner: "acme", name: "sample", defaultBranch: "main" },
    issue: { number: issueNumber, title: "A bug" },
    instructions: "",
  };
  const data = { workflowId, installationId: 1, repositoryId: 1, issueNumber, deliveryId, trigger };
  return (await db.prisma.workflowExecution.create({ data })).id;
}
async function claimed(id: string): Promise<Claim> {
  const claim = await claimExecution(db.pool, id);
  if (!claim) throw new Error("Expected a claim");
  return claim;
}
const expire = (id: string) =>
  db.pool.query("UPDATE workflow_executions SET lease_until = now() - interval '1 second' WHERE id = $1", [
    id,
  ]);
const execution = (id: string) => db.prisma.workflowExecution.findUniqueOrThrow({ where: { id } });
const nothing = () => {};
const model = { provider: "anthropic", name: "m" } as Model;
const run = { stepId: "plan", agent: "plan", model };
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

describe("the lease", () => {
  test("of many workers that claim at once, one gets the execution", async () => {
    const id = await newExecution();
    const claims = await Promise.all(Array.from({ length: 10 }, () => claimExecution(db.pool, id)));
    expect(claims.filter(Boolean)).toHaveLength(1);
  });

  test("who comes when it has run out, or was given back, gets a higher fence", async () => {
    const id = await newExecution();
    const first = await claimed(id);
    expect(await claimExecution(db.pool, id)).toBeUndefined();
    await expire(id);
    const second = await claimed(id);
    await releaseExecution(db.pool, first);
    expect(await claimExecution(db.pool, id)).toBeUndefined();
    await releaseExecution(db.pool, second);
    expect([first.fence, second.fence, (await claimed(id)).fence]).toEqual([1n, 2n, 3n]);
  });

  test("an execution that has ended is not claimed", async () => {
    const id = await newExecution();
    await openJournal(db.pool, await claimed(id), nothing).finishExecution("succeeded");
    expect(await claimExecution(db.pool, id)).toBeUndefined();
  });

  test("whoever keeps it is told when another has it", async () => {
    const id = await newExecution();
    const first = await claimed(id);
    await expire(id);
    await claimed(id);
    const reason = await new Promise<Error>((resolve) => keepLease(db.pool, first, log, resolve));
    expect(reason).toBeInstanceOf(StaleLease);
  });

  test("whoever keeps it counts it as lost when the database does not answer", async () => {
    const claim = await claimed(await newExecution());
    const silent = { query: () => new Promise(nothing) } as unknown as Database["pool"];
    const reason = await new Promise<Error>((resolve) => keepLease(silent, claim, log, resolve));
    expect(reason).toBeInstanceOf(StaleLease);
  });

  test("a renewal that comes late does not take back what was given back", async () => {
    const id = await newExecution();
    const claim = await claimed(id);
    await releaseExecution(db.pool, claim);
    await new Promise<Error>((resolve) => keepLease(db.pool, claim, log, resolve));
    expect((await execution(id)).leaseUntil).toBeNull();
  });
});

describe("a stale worker", () => {
  const step = { id: "issue", position: 0 };

  /** An execution that a first worker has begun and a second one has now. */
  async function takenOver() {
    const id = await newExecution();
    const claim = await claimed(id);
    const journal = openJournal(db.pool, claim, nothing);
    const transcript = await createTranscriptStore(db.pool, claim, nothing).open(run);
    const audit = openAudit(db.pool, claim, nothing);
    await expire(id);
    await claimed(id);
    return { id, claim, journal, transcript, audit };
  }
  type TakenOver = Awaited<ReturnType<typeof takenOver>>;

  test.each<[string, (stale: TakenOver) => Promise<unknown>]>([
    ["begins no step", ({ journal }) => journal.begin({ ...step, input: {} })],
    ["finishes no step", ({ journal }) => journal.finish(step, { status: "succeeded" })],
    ["ends no execution", ({ journal }) => journal.finishExecution("failed", "stale")],
    ["opens no transcript", ({ claim }) => createTranscriptStore(db.pool, claim, nothing).open(run)],
    ["says nothing", ({ transcript }) => transcript.say({ role: "user", kind: "task", text: "stale" })],
    ["ends no agent run", ({ transcript }) => transcript.finish("stale")],
    ["writes no tool call", ({ audit }) => audit.record(call)],
  ])("%s", async (_name, write) => {
    const stale = await takenOver();
    const before = await execution(stale.id);
    await expect(write(stale)).rejects.toBeInstanceOf(StaleLease);
    expect(await execution(stale.id)).toEqual(before);
    const of = { where: { executionId: stale.id } };
    expect(await db.prisma.workflowStep.count(of)).toBe(0);
    expect(await db.prisma.mcpToolCall.count(of)).toBe(0);
    expect(await db.prisma.agentRun.findMany({ ...of, include: { messages: true } })).toMatchObject([
      { outcome: null, messages: [] },
    ]);
  });
});

describe("the journal", () => {
  test("holds what steps gave, in their order, for the next worker", async () => {
    const id = await newExecution();
    let changes = 0;
    const journal = openJournal(db.pool, await claimed(id), () => {
      changes += 1;
    });
    await journal.begin({ id: "b", position: 1, input: { a: 1 } });
    await journal.finish({ id: "b", position: 1 }, { status: "failed", error: "no" });
    await journal.finish({ id: "a", position: 0 }, { status: "skipped" });
    await journal.begin({ id: "c", position: 2, input: {} });
    expect(await journal.savedSteps()).toEqual([
      { stepId: "a", status: "skipped", output: null, error: null },
      { stepId: "b", status: "failed", output: null, error: "no" },
      { stepId: "c", status: "running", output: null, error: null },
    ]);
    expect(changes).toBe(4);
    expect((await execution(id)).revision).toBe(5);
  });

  test("takes what a command may print: NUL characters and halves of characters, in outputs and in errors", async () => {
    const id = await newExecution();
    const claim = await claimed(id);
    const journal = openJournal(db.pool, claim, nothing);
    const text = "a\u0000b\ud800c";
    const output = { stdout: text };
    await journal.finish({ id: "a", position: 0 }, { status: "succeeded", output });
    await journal.finish({ id: "b", position: 1 }, { status: "failed", error: text });
    await openAudit(db.pool, claim, nothing).record({ ...call, result: output, error: text });
    await journal.finishExecution("failed", text);
    const clean = "a\uFFFDb\uFFFDc";
    expect(await journal.savedSteps()).toMatchObject([{ output: { stdout: clean } }, { error: clean }]);
    expect(await execution(id)).toMatchObject({ status: "failed", error: clean });
    expect(await db.prisma.mcpToolCall.findFirst({ where: { executionId: id } })).toMatchObject({
      error: clean,
    });
  });
});
