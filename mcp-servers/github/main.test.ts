import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openWorld, owner, repo, type World } from "../../local/github/testing/world.ts";
import { signCapability } from "../../shared/capability.ts";
import { retryableKey } from "../../shared/mcp-meta.ts";
import { connectMcp } from "../../test/connect-mcp.ts";
import { createDatabase, type TestDatabase } from "../../test/database.ts";
import { start } from "./main.ts";

const secret = "a secret for tests only";
let world: World;
let database: TestDatabase;
beforeAll(async () => {
  [world, database] = await Promise.all([openWorld(), createDatabase()]);
});
afterAll(async () => {
  await world?.close();
  await database?.drop();
});

/** Starts a server of its own, and lists issues by it. */
async function listIssues(env: NodeJS.ProcessEnv) {
  await using running = new AsyncDisposableStack();
  const server = await start({
    APP_ID: String(world.app.id),
    PRIVATE_KEY: world.app.privateKey,
    GITHUB_API_URL: `${world.url}/api/v3`,
    AFU9_MCP_SECRET: secret,
    AFU9_LOG_LEVEL: "silent",
    PORT: "0",
    ...env,
  });
  running.defer(() => server.close());
  const capability = {
    execution: "execution-1",
    repository: { owner, repo },
    installation: world.installation.id,
    tools: ["github.listIssues"],
  };
  const { client, close } = await connectMcp(server.url, await signCapability(capability, secret, 60));
  running.defer(close);
  return await client.callTool({ name: "listIssues", arguments: { owner, repo } });
}

test("what one server is told, the next one knows, when they have a database", async () => {
  const shared = { DATABASE_URL: database.url };
  await world.github.addFault({ path: "/repos/*/*/issues", status: 403, retryAfter: 60 });
  for (const env of [shared, shared]) {
    const { isError, content, _meta } = await listIssues(env);
    expect([isError, _meta?.[retryableKey]]).toEqual([true, true]);
    expect(JSON.stringify(content)).toContain("Nothing was sent to GitHub: its limit (secondary) is reached");
  }
  const asked = (await world.github.requests()).filter(({ path }) => path.endsWith("/issues"));
  expect(asked).toHaveLength(1);
});

test("without a database a server works all the same, and knows what it was told itself", async () => {
  expect((await listIssues({})).isError).toBeFalsy();
});
