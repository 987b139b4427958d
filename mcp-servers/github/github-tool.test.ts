import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { owner, repo } from "../../local/github/testing/world.ts";
import { retryableKey } from "../../shared/mcp-meta.ts";
import { type GithubServer, openGithubServer } from "../../test/open-github-server.ts";

let server: GithubServer;
beforeEach(async () => {
  server = await openGithubServer();
});
afterEach(() => server.close());

const call = async (status: number) => {
  await server.world.github.addFault({ method: "PATCH", path: "/repos/*/*/issues/*", status });
  const caller = await server.connect();
  const args = { owner, repo, number: 1, state: "closed" };
  const answer = await caller.client.callTool({ name: "updateIssue", arguments: args });
  await caller.close();
  return answer;
};

test.each([
  [403, "lacks a permission"],
  [404, "does not exist"],
  [409, "read it again"],
  [410, "gone"],
  [422, "Check the arguments"],
])("GitHub's %i says what to try, and is not worth a repetition", async (status, advice) => {
  const { isError, content, _meta } = await call(status);
  const text = JSON.stringify(content);
  expect(isError).toBe(true);
  expect(text).toContain(`updateIssue could not be done: GitHub answered ${status}`);
  expect(text).toContain(advice);
  expect(_meta?.[retryableKey]).toBeUndefined();
});

test.each([500, 502, 503])("GitHub's %i may pass, and the same call may work later", async (status) => {
  const { isError, _meta } = await call(status);
  expect(isError).toBe(true);
  expect(_meta?.[retryableKey]).toBe(true);
});

test("what is not there is named as such", async () => {
  expect(await server.refused("getIssue", { number: 99 })).toContain("It does not exist");
});

test("an installation that does not cover the repository is told apart from GitHub being down", async () => {
  await server.world.github.uninstall(server.world.installation.id);
  expect(await server.refused("getIssue", { number: 1 })).toContain("GitHub answered 404");
});

test("no answer has a token in it", async () => {
  const answers = [JSON.stringify(await call(403)), JSON.stringify(await call(502))];
  for (const answer of answers) expect(answer).not.toMatch(/gh[a-z]_|eyJ|PRIVATE KEY|bearer/i);
});
