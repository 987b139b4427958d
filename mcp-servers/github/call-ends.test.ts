// A call that is over asks GitHub for nothing more: its request ends with it, and the calls that share its client go on.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { Client } from "@modelcontextprotocol/client";
import { z } from "zod";
import { owner, repo } from "../../local/github/testing/world.ts";
import { eventually } from "../../test/eventually.ts";
import { type GithubServer, openGithubServer } from "../../test/open-github-server.ts";
import { githubTool } from "./github-tool.ts";
import { githubTools } from "./tools.ts";

const hurried = githubTool({
  name: "hurried",
  description: "List issues, in no time.",
  effect: "read",
  permissions: { issues: "read" },
  limits: { timeoutMs: 1_000 },
  input: z.object({ owner: z.string(), repo: z.string() }),
  output: z.object({ count: z.number() }),
  async run({ owner, repo }, octokit) {
    const { data } = await octokit.rest.issues.listForRepo({ owner, repo });
    return { count: data.length };
  },
});

let server: GithubServer;
beforeEach(async () => {
  server = await openGithubServer({ tools: [...githubTools, hurried] });
});
afterEach(() => server.close());

const slow = (method: string, path: string, delayMs = 600_000) =>
  server.world.github.addFault({ method, path, delayMs });
const arrived = () =>
  eventually(
    "a request that waits at GitHub",
    async () => (await server.world.github.faults()).find(({ times }) => times === 0),
    20,
  );
const asked = async (method: string, path: RegExp) => {
  const requests = await server.world.github.requests();
  return requests.filter((one) => one.method === method && path.test(one.path)).map(({ status }) => status);
};
const ended = (method: string, path: RegExp) =>
  eventually(
    "the end of the request",
    async () => ((await asked(method, path)).includes(499) ? true : undefined),
    20,
  );

type Leave = (stop: AbortController, client: Client) => Promise<void>;
const takesBack: Leave = async (stop) => stop.abort();
const goesAway: Leave = (_, client) => client.close();
const list = ["listIssues", {}, "GET", "/repos/*/*/issues"] as const;
const comment = ["addComment", { number: 1, body: "Hello" }, "POST", "/repos/*/*/issues/*/comments"] as const;

test.each([
  ["takes a reading call back", takesBack, list],
  ["goes away while a call reads", goesAway, list],
  ["takes a writing call back", takesBack, comment],
])("a request ends when its caller %s", async (_, leave, [name, args, method, path]) => {
  await server.world.asPerson.rest.issues.create({ owner, repo, title: "A bug" });
  const client = await server.connectNewest();
  await slow(method, path);
  const stop = new AbortController();
  const call = client.callTool({ name, arguments: { owner, repo, ...args } }, { signal: stop.signal });
  const failed = expect(call).rejects.toThrow();
  await arrived();
  await leave(stop, client);
  await failed;
  await ended(method, /\/(issues|comments)$/);
  expect((await server.state()).issues[0]?.comments).toEqual([]);
  await client.close();
});

test("a request ends when the time of its call is up, and is not sent again", async () => {
  expect(await server.call("listIssues")).toMatchObject({ issues: [] });
  await slow("GET", "/repos/*/*/issues");
  expect(await server.refused("hurried")).toContain("hurried was ended: it took longer than 1 s");
  await ended("GET", /\/issues$/);
  expect(await server.call("listIssues")).toMatchObject({ issues: [] });
  expect(await asked("GET", /\/issues$/)).toEqual([200, 499, 304]);
});

test("who waits for the same token gets it, when the call that asked for it is taken back", async () => {
  const client = await server.connectNewest();
  await slow("POST", "/app/installations/*/access_tokens", 1_000);
  const stop = new AbortController();
  const first = client.callTool({ name: "listIssues", arguments: { owner, repo } }, { signal: stop.signal });
  const failed = expect(first).rejects.toThrow();
  await arrived();
  const second = client.callTool({ name: "listIssues", arguments: { owner, repo } });
  stop.abort();
  await failed;
  expect(await second).toMatchObject({ structuredContent: { issues: [] } });
  expect(await asked("POST", /access_tokens$/)).toEqual([201]);
  await client.close();
});
