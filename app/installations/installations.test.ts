// The rows follow what owners do with the App and with their repositories, on a GitHub that tells of it.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { owner, repo } from "../../local/github/testing/world.ts";
import { createLogger } from "../../shared/logger.ts";
import { eventually } from "../../test/eventually.ts";
import { type OpenApp, openApp } from "../../test/open-app.ts";
import { compareInstallations } from "../housekeeping/installations.ts";
import { startExecution } from "../start-execution.ts";

const log = createLogger("test", "silent");
let door: OpenApp;
beforeEach(async () => {
  door = await openApp();
});
afterEach(() => door.close());

const full = `${owner}/${repo}`;
const rows = () => door.db.prisma.repository.findMany({ orderBy: { id: "asc" } });
const eventuallyRow = (wanted: object) =>
  eventually(`a repository with ${JSON.stringify(wanted)}`, async () => {
    const found = await door.db.prisma.repository.findFirst({ where: wanted });
    return found ?? undefined;
  });

/** An execution of the repository, begun or not, and the row that it has. */
async function execution(issue: number, state: object = {}): Promise<string> {
  const { world, deps } = door;
  const workflow = deps.workflows.find(({ definition }) => definition.name === "issue-to-pr");
  if (!workflow) throw new Error("Expected the workflow issue-to-pr");
  const start = await startExecution(
    workflow,
    {
      kind: "label",
      delivery: `delivery-${issue}`,
      installation: world.installation.id,
      sender: { id: world.person.id, login: world.person.login },
      repository: { id: world.repository.id, owner, name: repo, defaultBranch: "main" },
      issue: { number: issue, title: "A bug" },
      instructions: "",
    },
    deps,
  );
  const id = "started" in start ? start.started : start.already;
  await door.db.prisma.workflowExecution.update({ where: { id }, data: state });
  return id;
}
const row = (id: string) => door.db.prisma.workflowExecution.findUniqueOrThrow({ where: { id } });

test("an installation's repositories are known before anything happens there, and each gets its labels", async () => {
  const { world } = door;
  await world.github.createRepository({ owner: "elsewhere", name: "one", from: world.source });
  await world.github.createRepository({ owner: "elsewhere", name: "two", from: world.source });
  const { id } = await world.github.install({ appId: world.app.id, owner: "elsewhere" });
  await eventuallyRow({ owner: "elsewhere", name: "two", NOT: { labelsMadeAt: null } });
  await eventuallyRow({ owner: "elsewhere", name: "one", NOT: { labelsMadeAt: null } });
  const known = await rows();
  expect(
    known.map(({ name, installationId, defaultBranch, state }) => [
      name,
      installationId,
      defaultBranch,
      state,
    ]),
  ).toEqual([
    ["one", BigInt(id), "main", "active"],
    ["two", BigInt(id), "main", "active"],
  ]);
});

test("a repository that is taken out of the installation, and back, is removed and active again", async () => {
  const { world } = door;
  await world.github.changeInstallation(world.installation.id, { repositories: [repo] });
  await world.github.createRepository({ owner, name: "other", from: world.source });
  await world.github.changeInstallation(world.installation.id, { repositories: [repo, "other"] });
  await eventuallyRow({ name: "other", state: "active" });
  await world.github.changeInstallation(world.installation.id, { repositories: [repo] });
  await eventuallyRow({ name: "other", state: "removed" });
  expect(await eventuallyRow({ name: repo })).toMatchObject({ state: "active" });
  await world.github.changeInstallation(world.installation.id, { repositories: "all" });
  await eventuallyRow({ name: "other", state: "active" });
});

test.each([
  ["uninstalled", "removed", () => door.world.github.uninstall(door.world.installation.id)],
  ["suspended", "suspended", () => door.world.github.suspend(door.world.installation.id)],
  ["archived", "archived", () => door.world.github.changeRepository(full, { archived: true })],
  ["deleted", "removed", () => door.world.github.deleteRepository(full)],
] as const)("what runs in a repository that is %s ends with a reason", async (_name, state, act) => {
  const queued = await execution(1);
  const paused = await execution(2, { status: "paused", fence: 3, dueAt: null });
  const running = await execution(3, { status: "running", fence: 3, leaseUntil: new Date("2100-01-01") });
  const done = await execution(4, { status: "succeeded", fence: 3, dueAt: null });
  await act();
  await eventuallyRow({ id: door.world.repository.id, state });
  await door.outcomes();
  expect(await row(queued)).toMatchObject({
    status: "cancelled",
    error: expect.stringMatching(/removed|suspended|archived/),
    finishedAt: expect.any(Date),
    dueAt: null,
  });
  const obeys = { wish: "cancel", dueAt: expect.any(Date), error: (await row(queued)).error };
  expect(await row(paused)).toMatchObject({ status: "paused", ...obeys });
  expect(await row(running)).toMatchObject({ status: "running", ...obeys });
  expect(await row(done)).toMatchObject({ status: "succeeded", error: null });
});

test("back from suspension and from the archive a repository is active", async () => {
  const { world } = door;
  await world.github.suspend(world.installation.id);
  await world.github.suspend(world.installation.id, false);
  await eventuallyRow({ id: world.repository.id, state: "active" });
  await world.github.changeRepository(full, { archived: true });
  await eventuallyRow({ id: world.repository.id, state: "archived" });
  await world.github.changeRepository(full, { archived: false });
  await eventuallyRow({ id: world.repository.id, state: "active" });
});

test("a renamed repository has its new name, and what runs is handed over", async () => {
  const waiting = await execution(1, { status: "waiting", fence: 2, dueAt: null });
  const running = await execution(2, { status: "running", fence: 2, leaseUntil: new Date("2100-01-01") });
  await door.world.github.changeRepository(full, { name: "renamed" });
  await eventuallyRow({ id: door.world.repository.id, owner, name: "renamed" });
  await door.outcomes();
  expect(await row(waiting)).toMatchObject({ status: "waiting", fence: 2n, wish: null });
  expect(await row(running)).toMatchObject({ status: "running", fence: 3n, leaseUntil: null, wish: null });
});

test("an account's new login is that of its repositories", async () => {
  const running = await execution(1, { status: "running", fence: 2, leaseUntil: new Date("2100-01-01") });
  await door.world.github.renameAccount(owner, "octo-renamed");
  await eventuallyRow({ id: door.world.repository.id, owner: "octo-renamed" });
  await door.outcomes();
  expect(await row(running)).toMatchObject({ fence: 3n });
});

test("a repository that is given to somebody who has the App goes on there", async () => {
  const { world } = door;
  const other = await world.github.install({ appId: world.app.id, owner: "elsewhere" });
  const id = await execution(1, { status: "waiting", fence: 2, dueAt: null });
  await world.github.changeRepository(full, { owner: "elsewhere" });
  await eventuallyRow({ id: world.repository.id, owner: "elsewhere", installationId: other.id });
  await door.outcomes();
  expect(await row(id)).toMatchObject({ status: "waiting", wish: null });
  expect(await eventuallyRow({ id: world.repository.id })).toMatchObject({ state: "active" });
});

test("one that is given to somebody who has not is removed", async () => {
  const id = await execution(1);
  await door.world.github.changeRepository(full, { owner: "stranger" });
  await eventuallyRow({ id: door.world.repository.id, state: "removed" });
  await door.outcomes();
  expect(await row(id)).toMatchObject({ status: "cancelled" });
});

test("what no event told of is found by comparing with GitHub", async () => {
  const { world, db, deps } = door;
  await world.github.updateApp(world.app.id, { webhookUrl: "" });
  await execution(1);
  const gone = { id: 77, installationId: 4711, owner: "long", name: "gone", defaultBranch: "main" };
  await db.prisma.repository.create({ data: gone });
  await world.github.createRepository({ owner, name: "unheard-of", from: world.source });
  await world.github.changeRepository(full, { name: "renamed" });
  await compareInstallations({ ...deps, log }, new AbortController().signal);
  expect((await rows()).map(({ name, state }) => [name, state])).toEqual([
    ["gone", "removed"],
    ["renamed", "active"],
    ["unheard-of", "active"],
  ]);
});
