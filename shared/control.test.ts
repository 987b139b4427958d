import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { type Executions, openExecutions } from "../test/executions.ts";
import { openJournal } from "../worker/engine/journal.ts";
import { type Control, requestControl } from "./control.ts";

const source = `name: w
on: {}
steps:
  - { id: checkout, tool: a.b, repeat-on-retry: true }
  - { id: agree, approve: { what: a plan } }
  - { id: tests, tool: a.b, continue-on-error: true }
  - { id: change, tool: a.b }
  - { id: close, tool: a.b, if: always() }
`;
let executions: Executions;
let nudged: string[];
beforeAll(async () => {
  executions = await openExecutions({ source });
});
afterAll(() => executions?.close());

async function ask(kind: Control["kind"], execution: string, more: Partial<Control> = {}): Promise<void> {
  nudged = [];
  const queues = { nudge: async (queue: string, id: string) => void nudged.push(`${queue} ${id}`) };
  await requestControl({ execution, kind, requestedBy: "pat", ...more }, { db: executions.db, queues });
}
const controlsOf = (executionId: string) =>
  executions.db.prisma.executionControl.findMany({ where: { executionId }, orderBy: { requestedAt: "asc" } });

/** An execution that a worker has run to a failure of `change`. */
async function failed(): Promise<string> {
  const id = await executions.add();
  const journal = openJournal(executions.db.pool, await executions.claim(id), { onChange() {} });
  const at = (step: string, position: number) => ({ id: step, position, attempt: 1 });
  await journal.finish(at("checkout", 0), { status: "succeeded" }, 1);
  await journal.finish(at("agree", 1), { status: "succeeded" }, 1);
  await journal.finish(at("tests", 2), { status: "failed", error: "red" }, 1);
  await journal.finish(at("change", 3), { status: "failed", error: "no" }, 1);
  await journal.finish(at("close", 4), { status: "succeeded" }, 1);
  await journal.leave({ status: "failed", error: "change: no" });
  return id;
}
const latest = async (id: string) =>
  Object.fromEntries(
    (
      await executions.db.prisma.workflowStep.findMany({
        where: { executionId: id },
        orderBy: { attempt: "asc" },
      })
    ).map(({ stepId, attempt, status }) => [stepId, `${attempt} ${status}`]),
  );

test("what was not begun is cancelled at once", async () => {
  const id = await executions.add();
  await ask("cancel", id);
  expect(await executions.row(id)).toMatchObject({
    status: "cancelled",
    error: "Cancelled by pat.",
    dueAt: null,
    finishedAt: expect.any(Date),
  });
  expect(await controlsOf(id)).toMatchObject([{ kind: "cancel", obeyedAt: expect.any(Date) }]);
});

test("what was begun is due at once with the wish, past those who wait for a slot", async () => {
  const id = await executions.add();
  const claim = await executions.claim(id);
  await ask("cancel", id);
  expect(await executions.row(id)).toMatchObject({ status: "running", wish: "cancel" });
  expect(nudged).toEqual([`controls ${id}`]);
  await openJournal(executions.db.pool, claim, { onChange() {} }).leave({
    status: "cancelled",
    error: "Cancelled by pat.",
  });
  expect(await controlsOf(id)).toMatchObject([{ obeyedAt: expect.any(Date) }]);
  expect(await executions.row(id)).toMatchObject({ wish: null, dueAt: null });
});

test("a paused execution is due again when it is resumed", async () => {
  const id = await executions.add();
  await ask("pause", id);
  expect(await executions.row(id)).toMatchObject({ status: "paused", dueAt: null });
  await expect(ask("pause", id)).rejects.toThrow("It is paused already.");
  await ask("resume", id);
  expect(await executions.row(id)).toMatchObject({ status: "queued", dueAt: expect.any(Date) });
  await expect(ask("resume", id)).rejects.toThrow("It can't be resumed: it is not paused, it is queued.");
});

test("a pause that no worker has obeyed yet is taken back by a resume", async () => {
  const id = await executions.add();
  const claim = await executions.claim(id);
  await ask("pause", id);
  expect(await executions.row(id)).toMatchObject({ status: "running", wish: "pause" });
  await ask("resume", id);
  await openJournal(executions.db.pool, claim, { onChange() {} }).leave({ status: "paused" });
  expect(await executions.row(id)).toMatchObject({ status: "queued", wish: null, dueAt: expect.any(Date) });
});

test("what is being cancelled is not resumed", async () => {
  const id = await executions.add();
  await executions.claim(id);
  await ask("pause", id);
  await ask("cancel", id);
  await expect(ask("resume", id)).rejects.toThrow("It can't be resumed: it is being cancelled.");
  expect(await executions.row(id)).toMatchObject({ wish: "cancel" });
});

test("a retry begins at the step that failed, with what does not last and what was approved before it", async () => {
  const id = await failed();
  await ask("retry", id);
  expect(await executions.row(id)).toMatchObject({
    status: "queued",
    round: 2,
    error: null,
    finishedAt: null,
    dueAt: expect.any(Date),
  });
  expect(await latest(id)).toEqual({
    checkout: "2 pending",
    agree: "2 pending",
    tests: "1 failed",
    change: "2 pending",
    close: "2 pending",
  });
});

test("a retry may begin earlier, and not at a step that is not there", async () => {
  const id = await failed();
  await expect(ask("retry", id, { text: "chnage" })).rejects.toThrow(
    "There is no step `chnage`. The steps are `checkout`, `agree`, `tests`, `change`, `close`.",
  );
  expect(await executions.row(id)).toMatchObject({ status: "failed", round: 1 });
  expect(await controlsOf(id)).toEqual([]);
  await ask("retry", id, { text: "tests" });
  expect((await latest(id)).tests).toBe("2 pending");
});

test("a retry is refused while another execution works on the issue", async () => {
  const id = await failed();
  const { issueNumber } = await executions.row(id);
  const other = await executions.add();
  await executions.db.prisma.workflowExecution.update({ where: { id: other }, data: { issueNumber } });
  await expect(ask("retry", id)).rejects.toThrow("Another execution works on this issue now.");
  expect((await latest(id)).change).toBe("1 failed");
});

test("the same delivery asks once", async () => {
  const id = await failed();
  await ask("retry", id, { delivery: "d" });
  await openJournal(executions.db.pool, await executions.claim(id), { onChange() {} }).leave({
    status: "failed",
    error: "no",
  });
  await ask("retry", id, { delivery: "d" });
  expect(await executions.row(id)).toMatchObject({ status: "failed", round: 2 });
});

test.each<[Control["kind"], string]>([
  ["cancel", "It can't be cancelled: it has ended already (failed)."],
  ["pause", "It can't be paused: it has ended already (failed)."],
  ["steer", "It can't be steered: it has ended already (failed)."],
])("%s comes too late for what has ended", async (kind, message) => {
  const id = await failed();
  await expect(ask(kind, id, { text: "faster" })).rejects.toThrow(message);
  expect(await controlsOf(id)).toEqual([]);
});

test("what is running or has succeeded is not retried, and an execution must be there", async () => {
  const id = await executions.add();
  await expect(ask("retry", id)).rejects.toThrow("It can't be retried: it has not ended, it is queued.");
  const journal = openJournal(executions.db.pool, await executions.claim(id), { onChange() {} });
  await journal.leave({ status: "succeeded" });
  await expect(ask("retry", id)).rejects.toThrow("There is nothing to retry");
  const nobody = "00000000-0000-4000-8000-000000000000";
  await expect(ask("cancel", nobody)).rejects.toThrow(`There is no execution ${nobody}.`);
});
