// Budgets on real rows: who reserves at once, who dies in between, and whose claim is stale.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Pool } from "pg";
import { type BudgetLimits, type BudgetScope, readAccounts } from "../../shared/budget.ts";
import { createLogger } from "../../shared/logger.ts";
import { type Executions, openExecutions } from "../../test/executions.ts";
import { createTranscriptStore } from "../agent/transcript.ts";
import { workerChores } from "../housekeeping/chores.ts";
import type { AssistantMessage } from "../llm/model.ts";
import { openBudget } from "./budget.ts";
import { type Claim, claimDue } from "./claim.ts";
import { StaleLease } from "./lease.ts";

const log = createLogger("test", "silent");
const plenty = { usd: 1_000, tokens: 1_000_000 };
const all: BudgetLimits = { execution: plenty, issue: plenty, repository: plenty, installation: plenty };
let executions: Executions;
let pool: Pool;
let places = 100;
beforeAll(async () => {
  executions = await openExecutions({ max: 20 });
  pool = executions.db.pool;
});
afterAll(() => executions?.close());

const one = { usd: 1, tokens: 10 };
const model = { provider: "anthropic", name: "claude-opus-5-5" } as const;
const agentRun = { stepId: "plan", agent: "plan", model, system: "Plan.", tools: [] };
const turn: AssistantMessage = {
  ...{ role: "assistant", text: "I plan.", calls: [], costUsd: 1 },
  usage: { input: 1, output: 1, cacheRead: 1, cacheWrite: 1 },
  native: { provider: "anthropic", content: [] },
};
const open = (claim: Claim, limits: Partial<BudgetLimits> = {}) =>
  openBudget(pool, claim, { limits: { ...all, ...limits }, log });
/** A claimed execution in an installation and repository of its own, or in a given one. */
async function claimed(repository = ++places) {
  const id = await executions.add({ installation: repository });
  return { id, repository, claim: await executions.claim(id) };
}
const accounts = async (id: string) =>
  Object.fromEntries((await readAccounts(pool, id)).map((account) => [account.scope, account])) as Record<
    BudgetScope,
    Awaited<ReturnType<typeof readAccounts>>[number]
  >;
const reservations = () => executions.db.prisma.budgetReservation.count();

test("twenty executions of a repository that reserve at once get what there is, and no more", async () => {
  const { repository, ...first } = await claimed();
  const others = await Promise.all(Array.from({ length: 19 }, () => claimed(repository)));
  const limits = { repository: { usd: 5, tokens: 1_000_000 } };
  const answers = await Promise.all([first, ...others].map(({ claim }) => open(claim, limits).reserve(one)));
  const full = answers.flatMap((answer) => ("full" in answer ? [answer.full] : []));
  expect(answers.filter((answer) => "reservation" in answer)).toHaveLength(5);
  expect(full.map((accounts) => accounts.map(({ scope }) => scope))).toEqual(Array(15).fill(["repository"]));
  const { repository: account, installation } = await accounts(first.id);
  expect(account.reserved).toEqual({ usd: 5, tokens: 50 });
  // Who was refused by one account has nothing in the others either.
  expect(installation.reserved.usd).toBe(5);
});

test("reserving and settling at once in shared accounts neither loses a cent nor blocks for ever", async () => {
  const { repository, ...first } = await claimed();
  const some = [first, ...(await Promise.all(Array.from({ length: 9 }, () => claimed(repository))))];
  await Promise.all(
    some.map(async ({ claim }) => {
      const budget = open(claim);
      for (let turn = 0; turn < 10; turn++) {
        const reserved = await budget.reserve(one);
        if ("reservation" in reserved) await budget.settle(reserved.reservation, { usd: 0.1, tokens: 3 });
      }
    }),
  );
  const { repository: account, execution } = await accounts(first.id);
  expect(account).toMatchObject({ spent: { usd: 10, tokens: 300 }, reserved: { usd: 0, tokens: 0 } });
  expect(execution.spent.usd).toBe(1);
});

test("tokens are limited as money is", async () => {
  const { claim } = await claimed();
  const budget = open(claim, { issue: { usd: 1_000, tokens: 15 } });
  expect(await budget.reserve(one)).toHaveProperty("reservation");
  expect(await budget.reserve(one)).toMatchObject({ full: [{ scope: "issue", reserved: { tokens: 10 } }] });
});

test("what a worker that died had reserved is given back by the next claim, and it can settle it no more", async () => {
  const { id, claim } = await claimed();
  const limits = { execution: { usd: 1, tokens: 1_000 } };
  const dead = open(claim, limits);
  const left = await dead.reserve(one);
  if (!("reservation" in left)) throw new Error("Expected a reservation");
  await executions.expire(id);
  const next = open(await executions.claim(id), limits);

  const before = await accounts(id);
  await expect(dead.settle(left.reservation, one)).rejects.toThrow(StaleLease);
  await expect(dead.reserve(one)).rejects.toThrow(/Another worker runs the execution/);
  expect(await accounts(id)).toEqual(before);
  // It fits only because the dead worker's was given back.
  expect(await next.reserve(one)).toHaveProperty("reservation");
  expect((await accounts(id)).execution).toMatchObject({ spent: { usd: 0 }, reserved: { usd: 1 } });
});

test("a stale worker that has not spent yet opens no account", async () => {
  const { id, claim } = await claimed();
  await executions.expire(id);
  await executions.claim(id);
  await expect(open(claim).reserve(one)).rejects.toThrow(StaleLease);
  expect(await readAccounts(pool, id)).toEqual([]);
});

test("what nobody will settle is given back by a chore, and what is under way is not", async () => {
  const [gone, atWork] = [await claimed(), await claimed()];
  await open(gone.claim).reserve(one);
  await open(atWork.claim).reserve(one);
  await pool.query("UPDATE budget_reservations SET created_at = now() - interval '1 hour'");
  await pool.query(
    "UPDATE workflow_executions SET status = 'paused', lease_until = NULL, due_at = NULL WHERE id = $1",
    [gone.id],
  );
  const queues = { nudge: async () => {}, waiting: async () => 0, work() {}, close: async () => {} };
  const chores = workerChores({ db: executions.db, queues, log } as never);
  await chores.find(({ name }) => name === "budgets")?.work(new AbortController().signal);
  expect((await accounts(gone.id)).installation.reserved).toEqual({ usd: 0, tokens: 0 });
  expect((await accounts(atWork.id)).installation.reserved).toEqual(one);
});

test("a new day and a new month begin with nothing spent, and a call counts where it was reserved", async () => {
  const { id, claim, repository } = await claimed();
  const limits = { repository: one, installation: one };
  const budget = open(claim, limits);
  const reserved = await budget.reserve(one);
  if (!("reservation" in reserved)) throw new Error("Expected a reservation");
  expect(await budget.reserve(one)).toHaveProperty("full");
  // As if the day and the month had been others by the database's clock.
  await pool.query(
    `UPDATE budget_accounts SET period = CASE scope WHEN 'repository' THEN '2026-01-31' ELSE '2026-01' END
      WHERE scope IN ('repository', 'installation') AND owner = $1`,
    [String(repository)],
  );
  expect(await budget.reserve(one)).toHaveProperty("reservation");
  await budget.settle(reserved.reservation, { usd: 0.5, tokens: 1 });
  const { repository: today, issue } = await accounts(id);
  expect(today).toMatchObject({ spent: { usd: 0 }, reserved: one });
  expect(issue.spent.usd).toBe(0.5);
  const old = { scope: "repository", period: "2026-01-31" } as const;
  const yesterday = await executions.db.prisma.budgetAccount.findFirst({ where: old });
  expect(Number(yesterday?.spentUsd)).toBe(0.5);
});

test("a turn that is saved is settled with it, once, and one that can't be saved is not", async () => {
  const { id, claim } = await claimed();
  const limits = { execution: { usd: 4, tokens: 100 } };
  const warned: unknown[] = [];
  const told = { ...log, warn: (fields: object) => void warned.push(fields) } as unknown as typeof log;
  const budget = openBudget(pool, claim, { limits: { ...all, ...limits }, log: told });
  const transcript = await createTranscriptStore(pool, claim, { onChange() {}, budget }).open(agentRun);
  const spend = async (usd: number) => {
    const reserved = await budget.reserve({ usd: 1.2 * usd, tokens: 9 });
    if ("reservation" in reserved) budget.spend(reserved.reservation, { usd, tokens: 4 });
  };
  await spend(1);
  expect((await accounts(id)).execution).toMatchObject({ spent: { usd: 0 }, reserved: { usd: 1.2 } });
  await transcript.say(turn);
  await transcript.say(turn);
  const once = { spent: { usd: 1, tokens: 4 }, reserved: { usd: 0, tokens: 0 } };
  expect((await accounts(id)).execution).toMatchObject(once);
  expect(warned).toEqual([]);

  await spend(2.5);
  await transcript.say(turn);
  expect(warned).toMatchObject([{ scope: "execution", spent: { usd: 3.5, tokens: 8 }, limit: { usd: 4 } }]);

  await spend(0.1);
  await executions.expire(id);
  await executions.claim(id);
  await expect(transcript.say(turn)).rejects.toThrow(StaleLease);
  expect((await accounts(id)).execution.spent.usd).toBe(3.5);
});

test("it is warned once when most is spent, and again when the limit was raised and most of it is spent", async () => {
  const { id, claim } = await claimed();
  const warned: unknown[] = [];
  const told = { ...log, warn: (fields: object) => void warned.push(fields) } as unknown as typeof log;
  const budget = openBudget(pool, claim, {
    limits: { ...all, execution: { usd: 10, tokens: 1_000 } },
    log: told,
  });
  const spend = async (usd: number) => {
    const reserved = await budget.reserve({ usd, tokens: 0 });
    if (!("reservation" in reserved)) throw new Error("Expected a reservation");
    await budget.settle(reserved.reservation, { usd, tokens: 0 });
  };
  for (const usd of [7.9, 0.1, 1]) await spend(usd);
  expect(warned).toMatchObject([{ scope: "execution", spent: { usd: 8 }, limit: { usd: 10 } }]);
  await pool.query("UPDATE budget_accounts SET raised_usd = 10 WHERE scope = 'execution' AND owner = $1", [
    id,
  ]);
  for (const usd of [1, 6, 1]) await spend(usd);
  expect(warned).toHaveLength(2);
  expect(warned[1]).toMatchObject({ spent: { usd: 16 }, limit: { usd: 20 } });
});

test("limits that were set anew count from the next claim on, with what people have added", async () => {
  const { id, claim } = await claimed();
  expect(await open(claim, { execution: { usd: 0.5, tokens: 100 } }).reserve(one)).toHaveProperty("full");
  await pool.query("UPDATE budget_accounts SET raised_usd = 1 WHERE scope = 'execution' AND owner = $1", [
    id,
  ]);
  await executions.expire(id);
  const again = await claimDue(pool, { id });
  if (!again) throw new Error("Expected a claim");
  const budget = open(again, { execution: { usd: 2, tokens: 100 } });
  expect(await budget.reserve({ usd: 3, tokens: 1 })).toHaveProperty("reservation");
  expect((await accounts(id)).execution.limit).toEqual({ usd: 3, tokens: 100 });
});

test("a refused reservation leaves no row", async () => {
  const { claim } = await claimed();
  const before = await reservations();
  expect(await open(claim, { execution: { usd: 0.5, tokens: 1 } }).reserve(one)).toHaveProperty("full");
  expect(await reservations()).toBe(before);
});
