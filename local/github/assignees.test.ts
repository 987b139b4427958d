import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openWorld, owner, repo, type World } from "./testing/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world?.close());

const here = { owner, repo };
const open = async () => (await world.octokit.rest.issues.create({ ...here, title: "A bug" })).data.number;
const assigneesOf = async (issue_number: number) =>
  (await world.octokit.rest.issues.get({ ...here, issue_number })).data.assignees?.map(({ login }) => login);

test("who may write or has written there can be assigned, others are silently left out", async () => {
  const [reader, writer] = await Promise.all(
    ["reader", "writer"].map((login) => world.github.createUser({ login })),
  );
  await world.github.setCollaborator(`${owner}/${repo}`, "reader", "read");
  await world.github.setCollaborator(`${owner}/${repo}`, "writer", "write");
  const issue_number = await open();
  const on = { ...here, issue_number };
  const assignees = ["reader", "writer", "nobody", world.person.login];
  const { data, status } = await world.asPerson.rest.issues.addAssignees({ ...on, assignees });
  expect(status).toBe(201);
  expect(data.assignees?.map(({ login }) => login)).toEqual(["writer", world.person.login]);
  const [event] = await world.hooks.until("issues.assigned");
  expect(event?.payload).toMatchObject({
    assignee: { login: "writer", type: "User" },
    issue: { assignee: { login: "writer" } },
    sender: { login: world.person.login },
  });

  await world.as(reader?.token ?? "").rest.issues.createComment({ ...on, body: "Me too" });
  await world.as(writer?.token ?? "").rest.issues.addAssignees({ ...on, assignees: ["reader"] });
  expect(await assigneesOf(issue_number)).toContain("reader");
  // Who may not assign is not told so.
  await world.as(reader?.token ?? "").rest.issues.removeAssignees({ ...on, assignees: ["writer"] });
  expect(await assigneesOf(issue_number)).toContain("writer");
  await world.asPerson.rest.issues.update({ ...on, assignees: ["READER"] });
  expect(await assigneesOf(issue_number)).toEqual(["reader"]);
  await world.hooks.until("issues.unassigned");
  expect(world.newProblems()).toEqual([]);
});

test("an App's bot can't be assigned, unless it is one that GitHub lets people assign", async () => {
  const agent = await world.github.createApp({ name: "agent", isAssignable: true });
  const issue_number = await open();
  const assignees = [`${world.app.slug}[bot]`, `${agent.slug}[bot]`];
  await world.asPerson.rest.issues.addAssignees({ ...here, issue_number, assignees });
  expect(await assigneesOf(issue_number)).toEqual(["agent[bot]"]);
});
