// What AFU-9 tells of its own work, from rows.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { createRedact } from "../shared/redact.ts";
import { type Executions, openExecutions } from "../test/executions.ts";
import { openJournal } from "./engine/journal.ts";
import { readHistory } from "./history.ts";

const source =
  "name: w\non: {}\nsteps:\n  - { id: one, name: Write it, tool: a.b }\n  - { id: two, name: Push it, tool: a.b }\n";
const secret = "a-secret-of-the-tests";
let executions: Executions;
beforeAll(async () => {
  executions = await openExecutions({ source });
});
afterAll(() => executions.close());

const history = async (id: string) =>
  readHistory(await executions.claim(id), { db: executions.db, redact: createRedact([secret]) });

/** Moves an execution to an issue or pull request. */
const move = (id: string, issueNumber: number) =>
  executions.db.prisma.workflowExecution.update({ where: { id }, data: { issueNumber } });

/** An execution whose second step has failed. */
async function failed(issueNumber: number, error: string): Promise<string> {
  const id = await executions.add();
  await move(id, issueNumber);
  const claim = await executions.claim(id);
  const journal = openJournal(executions.db.pool, claim, { onChange() {} });
  const evidence = "- `npm test`: passed";
  await journal.finish(
    { id: "one", position: 0, attempt: 1 },
    { status: "succeeded", output: { evidence } },
    5,
  );
  await journal.finish({ id: "two", position: 1, attempt: 1 }, { status: "failed", error }, 5);
  await journal.leave({ status: "failed", error });
  return id;
}

/** Asks what was done about the issue of this number. */
async function ask(issueNumber: number) {
  const id = await executions.add();
  const { trigger } = await executions.row(id);
  const data = { issueNumber, trigger: { ...Object(trigger), issue: { number: issueNumber, title: "t" } } };
  await executions.db.prisma.workflowExecution.update({ where: { id }, data });
  return history(id);
}

test("each execution is told with its steps, its error, what was verified, and a line of facts", async () => {
  const id = await failed(701, `It ended with ${secret}.`);
  const { executions: told, earlier, records } = await ask(701);
  expect(told).toMatchObject([
    {
      id,
      workflow: "w",
      startedBy: "pat",
      status: "failed",
      why: "It ended with [removed].",
      steps: [
        { step: "Write it", status: "succeeded", verified: "- `npm test`: passed", error: null },
        { step: "Push it", status: "failed", error: "It ended with [removed]." },
      ],
      costUsd: 0,
    },
  ]);
  expect(earlier).toBe(0);
  expect(records).toMatch(
    new RegExp(`^- \`w\` failed at the step “Push it”, begun .* UTC, \\$0\\.0000, execution \`${id}\`$`),
  );
});

test("the newest five are told, and how many there were before; others' are not", async () => {
  await failed(800, "Of another issue.");
  const ids = [];
  for (let count = 0; count < 7; count += 1) {
    ids.push(await failed(702, "x".repeat(5_000)));
  }
  const { executions: told, earlier } = await ask(702);
  expect(told.map((one) => (one as { id: string }).id)).toEqual(ids.slice(2).reverse());
  expect(earlier).toBe(2);
  expect((told[0] as { why: string }).why).toHaveLength(4_001);
});

test("on a pull request the execution that opened it is told, by the audit and not by its text", async () => {
  const opener = await failed(703, "Later.");
  const call = {
    ...{ executionId: opener, sequence: 1, stepId: "one", server: "github", tool: "createPullRequest" },
    ...{ arguments: {}, result: { number: 704 }, startedAt: new Date(), completedAt: new Date() },
    ...{ durationMs: 1, prevHash: "", hash: "h" },
  };
  await executions.db.prisma.mcpToolCall.create({ data: call });
  expect((await ask(704)).executions).toMatchObject([{ id: opener }]);
  expect((await ask(705)).executions).toEqual([]);
});
