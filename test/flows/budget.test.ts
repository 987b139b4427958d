// Money runs out in the middle of an execution: it pauses and asks, and goes on where it was once somebody has added some.
import { afterEach, expect, test } from "@jest/globals";
import { readAccounts } from "../../shared/budget.ts";
import { eventually } from "../eventually.ts";
import { buggyRepository, goodScript } from "../sample.ts";
import { type System, startSystem } from "../system.ts";

const at = { owner: "acme", repo: "sample" };
let system: System | undefined;
afterEach(async () => {
  await system?.close();
  system = undefined;
});

/** A first turn of some 10,000 tokens, 20 cents: by it the next one may cost twice as much. */
const [first, ...others] = goodScript;
const script = [{ calls: first?.calls ?? [], text: "I look. ".repeat(5_000) }, ...others];
/** The repository wants more than the operator allows. */
const files = {
  ...buggyRepository,
  ".github/afu9.yml": "verify:\n  - node --test\nbudget: { usd: 1000 }\n",
};
const env = { AFU9_BUDGET_USD: "0.5", AFU9_BUDGET_MAX_USD: "20" };

test("an execution whose budget is spent pauses, says what to type, and after `/afu9 budget +5` ends with no turn paid twice", async () => {
  system = await startSystem({ script, files, env });
  const { db, maintainer, reader, lines } = system;
  const { data: issue } = await maintainer.rest.issues.create({
    ...at,
    title: "add is wrong",
    labels: ["afu9"],
  });
  const [issue_number, comments] = [issue.number, maintainer.rest.issues.listComments];
  const says = (text: string) =>
    eventually(`a comment that says "${text}"`, async () =>
      (await comments({ ...at, issue_number })).data.find(({ body }) => body?.includes(text)),
    );
  const comment = (body: string, who = maintainer) =>
    who.rest.issues.createComment({ ...at, issue_number, body });
  const asked = () => lines.filter((line) => line.includes("turn asked for")).length;

  const report = await says("### AFU-9 is paused and needs your decision");
  expect(report.body).toMatch(
    /The budget of this execution is spent: \$0\.\d+ of \$0\.50, and the next turn/,
  );
  expect(report.body).toContain("Comment `/afu9 budget +5`");
  const paused = await db.prisma.workflowExecution.findFirstOrThrow();
  expect(paused).toMatchObject({ status: "paused", dueAt: null, leaseUntil: null });
  const before = asked();
  const said = await db.prisma.agentMessage.findMany({ orderBy: { createdAt: "asc" } });
  expect(said.length).toBeGreaterThan(0);
  expect(await db.prisma.budgetReservation.count()).toBe(0);

  await comment("/afu9 budget +5", reader);
  await says("that needs the role `maintain` in this repository, and yours is `read`");
  // Going on without more leads to the same question, and to no further turn.
  await comment("/afu9 resume");
  await eventually("it to ask again", async () => {
    const row = await db.prisma.workflowExecution.findFirstOrThrow();
    return row.fence > paused.fence && row.status === "paused" ? true : undefined;
  });
  expect(asked()).toBe(before);

  await comment("/afu9 budget +5");
  await says("I may spend $5.50 for this execution");
  const row = await system.finished(issue_number);
  expect({ status: row.status, error: row.error }).toEqual({ status: "succeeded", error: null });
  expect(asked()).toBe(script.length);
  const after = await db.prisma.agentMessage.findMany({ orderBy: { createdAt: "asc" } });
  expect(after.slice(0, said.length)).toEqual(said);

  const spent = await db.prisma.agentRun.aggregate({ _sum: { costUsd: true } });
  const accounts = await readAccounts(db.pool, row.id);
  expect(accounts.map(({ scope }) => scope)).toEqual(["execution", "issue", "repository", "installation"]);
  for (const account of accounts) {
    expect(account.spent.usd).toBeCloseTo(Number(spent._sum.costUsd), 5);
    expect(account.reserved).toEqual({ usd: 0, tokens: 0 });
  }
  const [control] = await db.prisma.executionControl.findMany({ where: { kind: "budget" } });
  expect(control).toMatchObject({ text: "+5", requestedBy: "maintainer", obeyedAt: expect.any(Date) });
}, 120_000);
