// What people asked for, taken up late by a worker that asks the local GitHub for their role again.
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { openWorld, owner, repo, type World } from "../local/github/testing/world.ts";
import { type Control, requestControl } from "../shared/control.ts";
import { Parked, PermanentFault } from "../shared/errors.ts";
import { createGitHubApp, type GitHubApp } from "../shared/github.ts";
import { createLogger } from "../shared/logger.ts";
import type { Role } from "../shared/role.ts";
import { type Executions, openExecutions } from "../test/executions.ts";
import { createSteering } from "./agent/steering.ts";
import type { Claim } from "./engine/claim.ts";
import { openJournal } from "./engine/journal.ts";
import { refusalOf, requireControls } from "./late-controls.ts";
import { readSnapshot } from "./report/snapshot.ts";

let world: World;
let executions: Executions;
let github: GitHubApp;
const log = createLogger("test", "silent");
beforeAll(async () => {
  [world, executions] = await Promise.all([openWorld(), openExecutions()]);
  github = createGitHubApp(
    {
      ...{ APP_ID: world.app.id, PRIVATE_KEY: world.app.privateKey },
      ...{ GITHUB_API_URL: `${world.url}/api/v3`, GITHUB_SERVER_URL: world.url },
    },
    log,
  );
});
beforeEach(() => give("write"));
afterAll(async () => {
  await executions?.close();
  await world?.close();
});

const give = (role: Exclude<Role, "none">) =>
  world.github.setCollaborator(`${owner}/${repo}`, world.person.login, role);
const asked = async () =>
  (await world.github.requests()).filter(({ path }) => path.endsWith("/permission")).length;
const person = () => ({
  requestedBy: world.person.login,
  role: { of: world.person.id, needs: "write" as const },
});

async function ask(execution: string, kind: Control["kind"], more: Partial<Control> = {}): Promise<void> {
  const queues = { nudge: async () => {} };
  await requestControl({ execution, kind, ...person(), ...more }, { db: executions.db, queues });
}
const later = (executionId: string) =>
  executions.db.pool.query(
    "UPDATE execution_controls SET requested_at = requested_at - interval '2 minutes' WHERE execution_id = $1",
    [executionId],
  );
/** A worker has it, with what the local GitHub calls it. */
async function claim(id: string): Promise<Claim> {
  const taken = await executions.claim(id);
  const repository = { id: world.repository.id, owner, name: repo, defaultBranch: "main" };
  return { ...taken, trigger: { ...taken.trigger, installation: world.installation.id, repository } };
}
const require = (claimed: Claim) => requireControls(claimed, { pool: executions.db.pool, github });
const leave = (claimed: Claim, ending: Parameters<ReturnType<typeof openJournal>["leave"]>[0]) =>
  openJournal(executions.db.pool, claimed, { onChange() {} }).leave(ending);
const controls = (executionId: string) =>
  executions.db.prisma.executionControl.findMany({ where: { executionId }, orderBy: { requestedAt: "asc" } });

async function pausedAndResumed(more: Partial<Control> = {}): Promise<string> {
  const id = await executions.add();
  await ask(id, "pause");
  await ask(id, "resume", more);
  return id;
}

test("who resumed it and lost the role before a worker took it up is told so, and it is paused again", async () => {
  const id = await pausedAndResumed();
  await later(id);
  await give("triage");
  const claimed = await claim(id);
  const reason = /who let this go on, may not any more: it needs the role `write`.*theirs is `triage` now/;
  await expect(require(claimed)).rejects.toThrow(reason);
  await expect(require(claimed)).rejects.toBeInstanceOf(Parked);
  expect((await controls(id)).at(-1)).toMatchObject({
    refusal: expect.stringMatching(reason),
    takenUpAt: null,
  });
  const where = { repositoryId: world.repository.id, issueNumber: claimed.trigger.issue.number };
  expect(await executions.db.prisma.triggerDecision.findMany({ where })).toMatchObject([
    { actor: world.person.login, wish: "/afu9 resume", reason: expect.stringMatching(reason) },
  ]);
});

test("a retry of somebody who lost the role leaves it failed; of the next who has it, it goes on", async () => {
  const id = await executions.add();
  await leave(await claim(id), { status: "failed", error: "no" });
  await ask(id, "retry");
  await later(id);
  await give("read");
  const refused = await claim(id);
  await expect(require(refused)).rejects.toBeInstanceOf(PermanentFault);
  await leave(refused, { status: "failed", error: "It may not." });
  await give("write");
  await ask(id, "retry");
  await require(await claim(id));
  expect((await controls(id)).map(({ takenUpAt }) => takenUpAt !== null)).toEqual([true, true]);
});

test("a raised budget lets it go on only while who raised it has the role; what goes on anyhow asks nothing", async () => {
  const limits = { usd: 5, tokens: 1_000 };
  const raise = {
    ...{ usd: 1, mostUsd: 100 },
    limits: { execution: limits, issue: limits, repository: limits, installation: limits },
  };
  const id = await executions.add();
  await leave(await claim(id), { status: "paused", reason: "The budget is spent." });
  await ask(id, "budget", { raise, role: { of: world.person.id, needs: "maintain" } });
  await later(id);
  const parked = await claim(id);
  await expect(require(parked)).rejects.toBeInstanceOf(Parked);
  await leave(parked, { status: "waiting", waitMs: 0 });

  const other = await executions.add();
  await ask(other, "budget", { raise, role: { of: world.person.id, needs: "maintain" } });
  await later(other);
  await require(await claim(other));
});

test("GitHub is asked once for each wish, late, and never for one of the command line, a bot or a hold's end", async () => {
  const before = await asked();
  await require(await claim(await pausedAndResumed()));
  for (const more of [{ role: undefined }, { text: "hold" }]) {
    const id = await pausedAndResumed(more);
    await later(id);
    await require(await claim(id));
  }
  expect(await asked()).toBe(before);

  const id = await pausedAndResumed();
  await later(id);
  const first = await claim(id);
  await require(first);
  await leave(first, { status: "waiting", waitMs: 0 });
  await require(await claim(id));
  expect(await asked()).toBe(before + 1);
});

test("the end of a hold gives nobody's resume a new date", async () => {
  const id = await pausedAndResumed();
  await later(id);
  await ask(id, "pause", { text: "hold", role: undefined });
  await ask(id, "resume", { text: "hold", role: undefined });
  await give("read");
  await expect(require(await claim(id))).rejects.toBeInstanceOf(Parked);
});

test("while GitHub can't be asked, nothing goes on, and it can be cancelled and paused", async () => {
  const id = await pausedAndResumed();
  await later(id);
  await world.github.addFault({ method: "GET", path: "/repos/*/*/collaborators/*/permission", status: 403 });
  const claimed = await claim(id);
  await expect(require(claimed)).rejects.toThrow();
  expect((await controls(id)).at(-1)).toMatchObject({ refusal: null, takenUpAt: null });
  for (const wish of ["cancel", "pause"] as const) await require({ ...claimed, wish });
  await ask(id, "pause");
  await ask(id, "cancel");
  expect((await executions.row(id)).wish).toBe("cancel");
  await world.github.clearFaults();
});

test("a message to the agent is not said for who may not steer any more, and the report tells why", async () => {
  const id = await executions.add();
  await ask(id, "steer", { text: "Delete it all." });
  await later(id);
  await ask(id, "steer", { text: "Keep the name." });
  const claimed = await claim(id);
  const steering = createSteering(claimed, {
    ...{ pool: executions.db.pool, log },
    refusalOf: (one) => refusalOf(one, claimed, { github }),
  });
  await world.github.addFault({ method: "GET", path: "/repos/*/*/collaborators/*/permission", status: 403 });
  expect(await steering.pending()).toEqual([]);
  await world.github.clearFaults();
  expect((await steering.pending()).map(({ text }) => text)).toEqual(["Delete it all.", "Keep the name."]);

  await give("triage");
  expect((await steering.pending()).map(({ text }) => text)).toEqual(["Keep the name."]);
  const snapshot = await readSnapshot(executions.db, id);
  expect(snapshot).toMatchObject({
    unsaid: 1,
    refusals: [expect.stringMatching(/who had a message for the agent.*It was not said\./)],
  });
  expect(snapshot?.revision).toBeGreaterThan(1);
});
