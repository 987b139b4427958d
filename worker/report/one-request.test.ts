import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openWorld, owner, repo, type World } from "../../local/github/testing/world.ts";
import { createGitHubApp, type Octokit } from "../../shared/github.ts";
import { createLogger } from "../../shared/logger.ts";
import { createRedact } from "../../shared/redact.ts";
import { inOneRequest, type Mutate } from "./one-request.ts";

const secret = "a secret that nobody is to read, 42";
let world: World;
let octokit: Octokit;
let subjectId: string;
beforeAll(async () => {
  world = await openWorld();
  subjectId = (await world.asPerson.rest.issues.create({ owner, repo, title: "A bug" })).data.node_id;
  const settings = {
    APP_ID: world.app.id,
    PRIVATE_KEY: world.app.privateKey,
    GITHUB_API_URL: `${world.url}/api/v3`,
    GITHUB_SERVER_URL: world.url,
  };
  const app = createGitHubApp(settings, createLogger("test", "silent"), {
    redact: createRedact([secret]),
    throttle: { enabled: false },
  });
  octokit = app.octokitFor({ installation: world.installation.id, repo, permissions: { issues: "write" } });
});
afterAll(() => world.close());

const comment = (body: string) => ({
  name: "addComment",
  input: { subjectId, body },
  gives: "subject { id }",
});
const says = (body: string) => async (mutate: Mutate) => mutate([comment(body)])[0];
const bodies = async () =>
  (await world.octokit.rest.issues.listComments({ owner, repo, issue_number: 1 })).data.map(
    ({ body }) => body,
  );
const requests = async () => (await world.github.requests()).filter(({ path }) => path === "/graphql").length;

test("what several parts ask for is one request, and what they ask for after that another", async () => {
  const before = await requests();
  const outcomes = await inOneRequest(octokit, [
    says("one"),
    async (mutate) => {
      await says("two")(mutate);
      return says("four")(mutate);
    },
    async (mutate) => Promise.all([...mutate([comment("three"), comment("three and a half")])]),
    async () => "It asks for nothing.",
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(Array(4).fill("fulfilled"));
  expect(await bodies()).toEqual(["one", "two", "three", "three and a half", "four"]);
  expect((await requests()) - before).toBe(2);
});

test("what GitHub does not do for one part it does for the others", async () => {
  const gone = {
    name: "addComment",
    input: { subjectId: "I_gone", body: "Nobody reads this." },
    gives: "subject { id }",
  };
  const [refused, done] = await inOneRequest(octokit, [
    async (mutate) => mutate([gone])[0],
    says("It is said all the same."),
  ]);
  expect(refused).toMatchObject({ status: "rejected", reason: { name: "Refused", type: "NOT_FOUND" } });
  expect(done.status).toBe("fulfilled");
  expect(await bodies()).toContain("It is said all the same.");
});

test("what goes wrong within GitHub for one part is that part's alone", async () => {
  await world.github.addFault({ path: "/graphql", field: "addComment" });
  const [refused, done] = await inOneRequest(octokit, [says("This goes wrong."), says("This does not.")]);
  expect(refused).toMatchObject({ status: "rejected", reason: { name: "Refused" } });
  expect(done.status).toBe("fulfilled");
  expect((await bodies()).at(-1)).toBe("This does not.");
});

test("when GitHub takes nothing of it because one part can't be read, the others are asked for by themselves", async () => {
  const [refused, done] = await inOneRequest(octokit, [
    async (mutate) => mutate([{ ...comment("Never"), gives: "noSuchField" }])[0],
    says("By itself."),
  ]);
  expect(refused).toMatchObject({ status: "rejected", reason: { name: "Refused" } });
  expect(done.status).toBe("fulfilled");
  const said = await bodies();
  expect(said.filter((body) => body === "By itself.")).toHaveLength(1);
  expect(said).not.toContain("Never");
});

test("when nobody knows what was done, nothing is asked for again", async () => {
  await world.github.addFault({ path: "/graphql", afterWrite: true, status: 502 });
  const outcomes = await inOneRequest(octokit, [says("Perhaps"), says("Perhaps, too")]);
  expect(outcomes).toMatchObject(Array(2).fill({ status: "rejected", reason: { status: 502 } }));
  expect((await bodies()).filter((body) => body?.startsWith("Perhaps"))).toHaveLength(2);
});

test.each([
  ["a limit is reached", { errors: [{ type: "RATE_LIMITED", message: "Too much." }] }],
  ["an error names no field", { data: { part0: null, part1: null }, errors: [{ message: "Timeout." }] }],
])("when %s, it is so for all that was asked for, and nothing is asked for again", async (_, response) => {
  let requests = 0;
  const graphql = async () => {
    requests += 1;
    throw Object.assign(new Error("Request failed"), { response });
  };
  const outcomes = await inOneRequest({ graphql } as unknown as Octokit, [says("one"), says("two")]);
  expect(outcomes).toMatchObject(Array(2).fill({ status: "rejected", reason: { name: "Refused" } }));
  expect(requests).toBe(1);
});

test("a secret does not leave in a text", async () => {
  await inOneRequest(octokit, [says(`It is ${secret}.`)]);
  expect((await bodies()).at(-1)).toBe("It is [removed].");
});
