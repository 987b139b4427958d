import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { createLogger } from "../../shared/logger.ts";
import { type Executions, openExecutions } from "../../test/executions.ts";
import { claimDue } from "./claim.ts";
import { openJournal } from "./journal.ts";
import { keepLease, releaseAfterFault, releaseExecution, StaleLease } from "./lease.ts";

const log = createLogger("test", "silent");
const nothing = () => {};
let executions: Executions;
beforeAll(async () => {
  executions = await openExecutions();
});
afterAll(() => executions?.close());
beforeEach(() =>
  executions.db.pool.query("UPDATE workflow_executions SET due_at = NULL, lease_until = NULL"),
);
const pool = () => executions.db.pool;

test("of many workers that claim at once, one gets the execution", async () => {
  await executions.add();
  const claims = await Promise.all(Array.from({ length: 10 }, () => claimDue(pool())));
  expect(claims.filter(Boolean)).toHaveLength(1);
});

test("who comes when the lease has run out, or was given back, gets a higher fence", async () => {
  const id = await executions.add();
  const first = await executions.claim(id);
  expect(await claimDue(pool(), { id })).toBeUndefined();
  await executions.expire(id);
  const second = await executions.claim(id);
  await releaseExecution(pool(), first);
  expect(await claimDue(pool(), { id })).toBeUndefined();
  await releaseExecution(pool(), second);
  expect([first.fence, second.fence, (await executions.claim(id)).fence]).toEqual([1n, 2n, 3n]);
});

test("what has ended, is paused, or waits for a later time is not claimed", async () => {
  for (const ending of [
    { status: "succeeded" as const },
    { status: "waiting" as const, waitMs: 3_600_000 },
  ]) {
    const id = await executions.add();
    await openJournal(pool(), await executions.claim(id), { onChange: nothing }).leave(ending);
    expect((await executions.row(id)).status).toBe(ending.status);
    expect(await claimDue(pool())).toBeUndefined();
  }
});

test("the installation that has least running comes first, then who is due the longest", async () => {
  const busy = [await executions.add({ installation: 1 }), await executions.add({ installation: 1 })];
  const other = await executions.add({ installation: 2 });
  expect((await claimDue(pool()))?.id).toBe(busy[0]);
  expect((await claimDue(pool()))?.id).toBe(other);
  expect((await claimDue(pool()))?.id).toBe(busy[1]);
});

test("an installation or a repository that is full here is passed over", async () => {
  await executions.add({ installation: 3, repository: 31 });
  expect(await claimDue(pool(), { fullInstallations: [3] })).toBeUndefined();
  expect(await claimDue(pool(), { fullRepositories: [31] })).toBeUndefined();
  expect(await claimDue(pool(), { fullRepositories: [32] })).toBeDefined();
});

test("one whose row can't be read ends as failed, and the next one is claimed", async () => {
  const broken = await executions.add();
  await executions.db.prisma.workflowExecution.update({ where: { id: broken }, data: { trigger: {} } });
  const sound = await executions.add();
  expect((await claimDue(pool()))?.id).toBe(sound);
  expect(await executions.row(broken)).toMatchObject({ status: "failed", dueAt: null, leaseUntil: null });
});

const due = (id: string) =>
  pool().query("UPDATE workflow_executions SET due_at = now() WHERE id = $1 AND due_at IS NOT NULL", [id]);
/** Lets its worker die, and the time pass until the next one may take it over. */
const abandon = (id: string) =>
  pool().query("UPDATE workflow_executions SET lease_until = now() - interval '40 s' WHERE id = $1", [id]);

test("a fault outside of any step is tried again after a while; in the end it is given up, and cleaned up", async () => {
  const id = await executions.add();
  for (let fault = 1; fault <= 10; fault++) {
    await due(id);
    await releaseAfterFault(pool(), await executions.claim(id), new Error("the registry is away"));
    expect(await claimDue(pool(), { id })).toBeUndefined();
  }
  await due(id);
  expect(await executions.claim(id)).toMatchObject({ wish: "cancel", error: "the registry is away" });
});

test("one that its workers die of is given up: it is cancelled, so that its checkout is removed", async () => {
  const id = await executions.add();
  for (let death = 1; death <= 10; death++) {
    expect(await executions.claim(id)).toMatchObject({ wish: null });
    await abandon(id);
  }
  const claim = await executions.claim(id);
  expect(claim).toMatchObject({
    wish: "cancel",
    error: "It was given up: 10 times in a row it came no further, and its worker ended or lost the lease.",
  });
  await openJournal(pool(), claim, { onChange: nothing }).leave({
    status: "cancelled",
    error: claim.error ?? "",
  });
  expect(await executions.row(id)).toMatchObject({ status: "cancelled", wish: null, error: claim.error });
});

test("one that workers die of while they clean it up ends as failed", async () => {
  const id = await executions.add();
  for (let death = 1; death <= 13; death++) {
    await executions.claim(id);
    await abandon(id);
  }
  expect(await claimDue(pool(), { id })).toBeUndefined();
  expect(await executions.row(id)).toMatchObject({
    status: "failed",
    error: expect.stringMatching(/^It was given up: .* It could not be cleaned up either/),
    dueAt: null,
    leaseUntil: null,
    finishedAt: expect.any(Date),
  });
});

test("what workers die of again and again is taken over later each time", async () => {
  const id = await executions.add();
  await executions.claim(id);
  await pool().query("UPDATE workflow_executions SET faults = 7 WHERE id = $1", [id]);
  const lost = (secondsAgo: number) =>
    pool().query(
      "UPDATE workflow_executions SET lease_until = now() - make_interval(secs => $2) WHERE id = $1",
      [id, secondsAgo],
    );
  await lost(10);
  expect(await claimDue(pool(), { id })).toBeUndefined();
  await lost(16);
  expect(await claimDue(pool(), { id })).toBeDefined();
});

test("what a worker has left, its late release does not change; and what has ended is never claimed", async () => {
  const id = await executions.add();
  const claim = await executions.claim(id);
  const ending = { status: "cancelled" as const, error: "Cancelled by pat." };
  await openJournal(pool(), claim, { onChange: nothing }).leave(ending);
  const left = await executions.row(id);
  await releaseExecution(pool(), claim);
  await releaseAfterFault(pool(), claim, new Error("the connection was lost"));
  expect(await executions.row(id)).toEqual(left);

  await pool().query("UPDATE workflow_executions SET due_at = now() WHERE id = $1", [id]);
  expect(await claimDue(pool(), { id })).toBeUndefined();
  expect(await executions.row(id)).toMatchObject(ending);
});

/** Keeps a lease until it is lost or somebody wants something. */
function told(claim: Parameters<typeof keepLease>[1], on = pool()) {
  return new Promise<unknown>((resolve) => {
    const lease = keepLease(on, claim, log, { onLost: done, onWish: done });
    function done(what: unknown) {
      lease.stop();
      resolve(what);
    }
  });
}

test("whoever keeps a lease is told when another worker has it", async () => {
  const id = await executions.add();
  const first = await executions.claim(id);
  await executions.expire(id);
  await executions.claim(id);
  expect(await told(first)).toBeInstanceOf(StaleLease);
});

test("whoever keeps a lease counts it as lost when the database does not answer", async () => {
  const claim = await executions.claim(await executions.add());
  const silent = { query: () => new Promise(nothing) } as unknown as ReturnType<typeof pool>;
  expect(await told(claim, silent)).toBeInstanceOf(StaleLease);
});

test("whoever keeps a lease is told of what a person wants", async () => {
  const id = await executions.add();
  const claim = await executions.claim(id);
  await pool().query("UPDATE workflow_executions SET wish = 'cancel' WHERE id = $1", [id]);
  expect(await told(claim)).toBe("cancel");
});

test("a renewal that comes late does not take back what was given back", async () => {
  const id = await executions.add();
  const claim = await executions.claim(id);
  await releaseExecution(pool(), claim);
  expect(await told(claim)).toBeInstanceOf(StaleLease);
  expect((await executions.row(id)).leaseUntil).toBeNull();
});

test("a claim knows the repository by the name and the installation that it has now", async () => {
  const id = await executions.add();
  const moved = { owner: "elsewhere", name: "renamed", installationId: 99 };
  const { repositoryId } = await executions.row(id);
  const before = await executions.db.prisma.repository.findUniqueOrThrow({ where: { id: repositoryId } });
  await executions.db.prisma.repository.update({ where: { id: repositoryId }, data: moved });
  const { trigger } = await executions.claim(id);
  expect(trigger).toMatchObject({
    installation: 99,
    repository: { id: Number(repositoryId), owner: "elsewhere", name: "renamed", defaultBranch: "main" },
    issue: { title: "A bug" },
  });
  const { owner, name, installationId } = before;
  await executions.db.prisma.repository.update({
    where: { id: repositoryId },
    data: { owner, name, installationId },
  });
});
