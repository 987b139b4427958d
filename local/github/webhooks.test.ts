import { createHmac } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { eventually } from "../../test/eventually.ts";
import { openWorld, owner, repo, type World } from "./testing/world.ts";

let world: World;
beforeEach(async () => {
  world = await openWorld();
  await world.hooks.until("installation.created");
});
afterEach(() => world.close());

const here = { owner, repo };

test("a delivery is signed over its very bytes and carries GitHub's headers", async () => {
  await world.asPerson.rest.issues.create({ ...here, title: "Größe ≠ 1" });
  const [delivery] = await world.hooks.until("issues.opened");
  const signature = createHmac("sha256", world.app.webhookSecret)
    .update(delivery?.raw ?? "")
    .digest("hex");
  expect(delivery?.headers).toMatchObject({
    "x-hub-signature-256": `sha256=${signature}`,
    "x-github-event": "issues",
    "x-github-delivery": expect.stringMatching(/^[0-9a-f-]{36}$/),
    "x-github-hook-installation-target-id": String(world.app.id),
    "x-github-hook-installation-target-type": "integration",
    "user-agent": expect.stringMatching(/^GitHub-Hookshot\//),
    "content-type": "application/json",
  });
  expect(delivery?.payload).toMatchObject({
    sender: { login: world.person.login, id: world.person.id, type: "User" },
    installation: { id: world.installation.id },
    repository: { full_name: `${owner}/${repo}`, default_branch: "main" },
  });
});

test("an issue opened with labels is announced first, then each label", async () => {
  await world.asPerson.rest.issues.create({ ...here, title: "A bug", labels: ["afu9", "urgent"] });
  const labeled = await world.hooks.until("issues.labeled", 2);
  expect(world.hooks.names().slice(1)).toEqual(["issues.opened", "issues.labeled", "issues.labeled"]);
  expect(labeled.map(({ payload }) => payload.label.name)).toEqual(["afu9", "urgent"]);
});

test("what the App does itself is sent to it too, with a bot as the sender", async () => {
  const { data: issue } = await world.octokit.rest.issues.create({ ...here, title: "Mine" });
  await world.octokit.rest.issues.createComment({ ...here, issue_number: issue.number, body: "Hello" });
  const [comment] = await world.hooks.until("issue_comment.created");
  expect(comment?.payload.sender).toMatchObject({ login: "test-app[bot]", type: "Bot" });
});

test("a refused delivery is recorded, not tried again, and can be sent again under the same id", async () => {
  world.hooks.answer.status = 500;
  await world.asPerson.rest.issues.create({ ...here, title: "First" });
  const [first] = await world.hooks.until("issues.opened");
  world.hooks.answer.status = 200;
  await world.asPerson.rest.issues.create({ ...here, title: "Second" });
  const [, second] = await world.hooks.until("issues.opened", 2);
  expect(second?.payload.issue.title).toBe("Second");

  const { apps } = world.octokitApp.octokit.rest;
  const { data: deliveries } = await apps.listWebhookDeliveries();
  const guid = first?.headers["x-github-delivery"];
  const failed = deliveries.find((delivery) => delivery.guid === guid);
  expect(failed).toMatchObject({ status_code: 500, event: "issues", action: "opened", redelivery: false });

  await apps.redeliverWebhookDelivery({ delivery_id: failed?.id ?? 0 });
  const [, , again] = await world.hooks.until("issues.opened", 3);
  expect(again?.headers["x-github-delivery"]).toBe(guid);
  expect(again?.raw.equals(first?.raw ?? Buffer.alloc(0))).toBe(true);
});

test("the list of deliveries is read by cursors, so that what comes meanwhile moves no page", async () => {
  const create = (title: string) => world.asPerson.rest.issues.create({ ...here, title });
  for (const title of ["First", "Second", "Third"]) await create(title);
  await world.hooks.until("issues.opened", 3);
  const { octokit } = world.octokitApp;
  const list = octokit.rest.apps.listWebhookDeliveries;
  // A delivery is in the list a moment after it was answered.
  const before = await eventually("the deliveries to be listed", async () => {
    const { data } = await list();
    return data.length === 4 ? data.map(({ id }) => id) : undefined;
  });
  const read: number[] = [];
  for await (const { data } of octokit.paginate.iterator(list, { per_page: 1 })) {
    read.push(...data.map(({ id }) => id));
    if (read.length > 1) continue;
    await create("Meanwhile");
    await world.hooks.until("issues.opened", 4);
  }
  expect(read).toEqual(before);
});

test("an address that nobody answers does not hold up the API", async () => {
  await world.github.updateApp(world.app.id, { webhookUrl: "http://127.0.0.1:1/nobody" });
  const { status } = await world.asPerson.rest.issues.create({ ...here, title: "A bug" });
  await world.github.updateApp(world.app.id, { webhookUrl: world.hooks.url });
  expect(status).toBe(201);
});

test("an App hears only of events it subscribed to, in repositories it is installed on", async () => {
  const other = await world.github.createApp({
    name: "Pusher",
    webhookUrl: world.hooks.url,
    events: ["push"],
  });
  await world.github.install({ appId: other.id, owner });
  await world.github.createRepository({ owner: "stranger", name: repo, from: world.source });
  await world.github.setCollaborator(`stranger/${repo}`, world.person.login, "write");
  await world.asPerson.rest.issues.create({ owner: "stranger", repo, title: "Elsewhere" });
  await world.asPerson.rest.issues.create({ ...here, title: "Here" });
  await world.octokit.rest.git.deleteRef({ ...here, ref: "heads/feature" });
  const pushes = await world.hooks.until("push", 2);
  const targets = pushes.map(({ headers }) => headers["x-github-hook-installation-target-id"]);
  expect(targets.sort()).toEqual([String(world.app.id), String(other.id)].sort());
  const issues = world.hooks.received.filter(({ name }) => name === "issues.opened");
  expect(issues.map(({ payload }) => payload.issue.title)).toEqual(["Here"]);
});

test("a click on a check run reaches only the App that made it", async () => {
  const other = await world.github.createApp({
    name: "Onlooker",
    webhookUrl: world.hooks.url,
    events: ["check_run"],
  });
  await world.github.install({ appId: other.id, owner });
  const sha = (await world.github.repository(`${owner}/${repo}`)).branches.main ?? "";
  const { data: run } = await world.octokit.rest.checks.create({ ...here, name: "verify", head_sha: sha });
  await world.hooks.until("check_run.created", 2);
  await world.github.clickCheckRun(run.id, { login: world.person.login, action: "rerequest" });
  await world.asPerson.rest.issues.create({ ...here, title: "Afterwards" });
  await world.hooks.until("issues.opened");
  const clicks = world.hooks.received.filter(({ name }) => name === "check_run.rerequested");
  expect(clicks.map(({ headers }) => headers["x-github-hook-installation-target-id"])).toEqual([
    String(world.app.id),
  ]);
  await expect(
    world.github.clickCheckRun(run.id, { login: world.person.login, action: "explode" }),
  ).rejects.toThrow("has no button explode");
});

test("branches that move at the same time are announced once each", async () => {
  const sha = (await world.github.repository(`${owner}/${repo}`)).branches.main ?? "";
  const names = ["a", "b", "c", "d"];
  await Promise.all(
    names.map((name) => world.octokit.rest.git.createRef({ ...here, ref: `refs/heads/${name}`, sha })),
  );
  await world.asPerson.rest.issues.create({ ...here, title: "Afterwards" });
  await world.hooks.until("issues.opened");
  const pushes = world.hooks.received.filter(({ name }) => name === "push");
  expect(pushes.map(({ payload }) => payload.ref).sort()).toEqual(names.map((name) => `refs/heads/${name}`));
});
