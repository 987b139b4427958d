// The MCP server `github` in front of a local GitHub, with a real client that holds a capability.
import { openWorld, owner, repo } from "../local/github/testing/world.ts";
import type { ChangePolicy } from "../mcp-servers/github/change-policy.ts";
import type { GithubDeps } from "../mcp-servers/github/github-tool.ts";
import { githubTools } from "../mcp-servers/github/tools.ts";
import type { Tool } from "../mcp-servers/tool.ts";
import { createGitHubApp } from "../shared/github.ts";
import { createLogger } from "../shared/logger.ts";
import { createRedact } from "../shared/redact.ts";
import { serveToTest } from "./serve-to-test.ts";

const fullName = `${owner}/${repo}`;

const policy: ChangePolicy = { protectedPaths: [], maxFiles: 300, maxBytes: 5 * 1024 * 1024 };

/** `secret` is one that the server knows. */
type Options = { tools?: Tool<GithubDeps>[]; policy?: Partial<ChangePolicy>; secret?: string };

export async function openGithubServer({ tools = githubTools, secret, ...options }: Options = {}) {
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
  const { connect, connectNewest, caller, close } = await serveToTest({
    name: "github",
    tools,
    deps: { github, policy: { ...policy, ...options.policy }, redact: createRedact([secret]) },
    repository: { owner, repo },
    installation: world.installation.id,
  });

  return {
    world,
    connect,
    connectNewest,
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
      await close();
      await world.close();
    },
  };
}

export type GithubServer = Awaited<ReturnType<typeof openGithubServer>>;
