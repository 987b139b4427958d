// The MCP server `github` in front of a local GitHub, with a real client that holds a capability.
import { openWorld, owner, repo } from "../local/github/testing/world.ts";
import { githubTools } from "../mcp-servers/github/tools.ts";
import { serve } from "../mcp-servers/serve.ts";
import { type Capability, signCapability } from "../shared/capability.ts";
import { createGitHubApp } from "../shared/github.ts";
import { createLogger } from "../shared/logger.ts";
import { connectMcp } from "./connect-mcp.ts";

const secret = "a secret for tests only";
const fullName = `${owner}/${repo}`;

export async function openGithubServer() {
  const world = await openWorld();
  const settings = {
    APP_ID: world.app.id,
    PRIVATE_KEY: world.app.privateKey,
    GITHUB_API_URL: `${world.url}/api/v3`,
    GITHUB_SERVER_URL: world.url,
  };
  const log = createLogger("test", "silent");
  const github = createGitHubApp(settings, log, {
    throttle: { enabled: false },
    retry: { retryAfterBaseValue: 0 },
  });
  const server = await serve({
    name: "github",
    tools: githubTools,
    deps: { github },
    port: 0,
    host: "127.0.0.1",
    secrets: [secret],
    log,
  });
  const capability: Capability = {
    execution: "execution-1",
    repository: { owner, repo },
    installation: world.installation.id,
    tools: githubTools.map(({ name }) => `github.${name}`),
  };
  const connect = async (changed: Partial<Capability> = {}) =>
    connectMcp(server.url, await signCapability({ ...capability, ...changed }, secret, 60));
  const caller = await connect();

  return {
    world,
    connect,
    /** Everything that GitHub knows about the repository. */
    state: () => world.github.repository(fullName),
    /** Calls a tool on the repository. */
    call: <T = Record<string, unknown>>(name: string, args: Record<string, unknown> = {}) =>
      caller.call<T>(name, { owner, repo, ...args }),
    /** Calls a tool that has to fail, and gives its words. */
    refused: (name: string, args: Record<string, unknown> = {}) =>
      caller.refused(name, { owner, repo, ...args }),
    /** The next request like this is done, and answered with an error all the same. */
    failAfterWrite: (method: string, path: string) =>
      world.github.addFault({ method, path, afterWrite: true, status: 502 }),
    async close() {
      await caller.close();
      await server.close();
      await world.close();
    },
  };
}

export type GithubServer = Awaited<ReturnType<typeof openGithubServer>>;
