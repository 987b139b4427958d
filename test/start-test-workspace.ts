// What the tests of mcp-servers/workspace need: the server over HTTP, a repository to clone, and a client that may use every tool.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { serve } from "../mcp-servers/serve.ts";
import type { WorkspaceDeps } from "../mcp-servers/workspace/deps.ts";
import { createSandbox, type SandboxSettings } from "../mcp-servers/workspace/sandbox.ts";
import { workspaceTools } from "../mcp-servers/workspace/tools.ts";
import { createTurns } from "../mcp-servers/workspace/turns.ts";
import type { OpenedWorkspace } from "../mcp-servers/workspace/workspace.ts";
import { type Capability, signCapability } from "../shared/capability.ts";
import { createLogger } from "../shared/logger.ts";
import { repositoryTokenKey } from "../shared/mcp-meta.ts";
import { connectMcp, type McpCaller } from "./connect-mcp.ts";
import { type FileToCommit, type GitHttpServer, startGitHttpServer } from "./git-http-server.ts";

export const secret = "a secret for tests only";

export type TestWorkspace = {
  github: GitHttpServer;
  root: string;
  url: string;
  /** A client for one execution on `octo/sample`. */
  callerFor(execution: string, capability?: Partial<Capability>): Promise<McpCaller>;
  /** Makes `octo/<name>` with these files, and opens it for an execution of the same name. */
  open(
    name: string,
    files: Record<string, FileToCommit>,
    ref?: string,
  ): Promise<{ caller: McpCaller; opened: OpenedWorkspace }>;
  close(): Promise<void>;
};

export async function startTestWorkspace(
  kind: SandboxSettings["kind"],
  changed: Partial<WorkspaceDeps> = {},
): Promise<TestWorkspace> {
  const root = mkdtempSync(join(tmpdir(), "afu9-workspaces-"));
  const github = await startGitHttpServer();
  const server = await serve({
    name: "workspace",
    tools: workspaceTools,
    deps: {
      root,
      mirrors: { directory: join(root, ".mirrors"), maxBytes: 2 ** 30, maxAgeMs: 3_600_000 },
      sandbox: createSandbox({ kind, toolchains: [] }),
      github: { apiUrl: github.url, serverUrl: github.url },
      isNetworkAllowed: true,
      maxFound: 100_000,
      outputLimits: { eachBytes: 2 ** 28, allBytes: 2 ** 29 },
      inTurn: createTurns(),
      ...changed,
    },
    port: 0,
    host: "127.0.0.1",
    secrets: [secret],
    log: createLogger("test", "silent"),
  });
  const callers: McpCaller[] = [];

  async function callerFor(execution: string, changed: Partial<Capability> = {}): Promise<McpCaller> {
    const capability = {
      execution,
      repository: { owner: "octo", repo: execution },
      installation: 1,
      tools: workspaceTools.map(({ name }) => `workspace.${name}`),
      ...changed,
    };
    const caller = await connectMcp(server.url, await signCapability(capability, secret, 600));
    callers.push(caller);
    return caller;
  }

  return {
    github,
    root,
    url: server.url,
    callerFor,
    async open(name, files, ref) {
      github.addRepository(`octo/${name}`, files);
      const caller = await callerFor(name);
      return {
        caller,
        opened: await openWith(github, caller, { owner: "octo", repo: name, ...(ref && { ref }) }),
      };
    },
    async close() {
      for (const caller of callers) await caller.close();
      await server.close();
      await github.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}

/** Opens with a token that is valid until the server revokes it. */
export async function openWith(
  github: GitHttpServer,
  caller: McpCaller,
  args: Record<string, unknown>,
): Promise<OpenedWorkspace> {
  return caller.call("openWorkspace", args, { [repositoryTokenKey]: freshToken(github) });
}

export function freshToken(github: GitHttpServer): string {
  const token = `ghs_${github.requests.length}${Math.random().toString(36).slice(2)}`;
  github.tokens.add(token);
  return token;
}
