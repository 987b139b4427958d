// MCP servers as people start them: processes of their own, without the services that they work with.
import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { servers } from "../mcp-servers/servers.ts";
import { signCapability } from "../shared/capability.ts";

const root = join(import.meta.dirname, "..");
const secret = "a secret for tests only";

/** The command that starts a server. */
export function mcpCommand(server: string, ...flags: string[]): { command: string; args: string[] } {
  return { command: process.execPath, args: [join(root, "mcp-servers/main.ts"), server, ...flags] };
}

/** Settings with which every server starts, and of which each reads its own. Nobody listens at these addresses. */
export function mcpSettings(directory: string): Record<string, string> {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    PATH: process.env.PATH ?? "",
    PORT: "0",
    AFU9_MCP_SECRET: secret,
    APP_ID: "1",
    PRIVATE_KEY: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    GITHUB_API_URL: "http://127.0.0.1:9",
    AFU9_SANDBOX: "none",
    AFU9_WORKSPACE_DIR: join(directory, "workspaces"),
    AWS_REGION: "eu-central-1",
    AWS_ACCESS_KEY_ID: "none",
    AWS_SECRET_ACCESS_KEY: "none",
  };
}

/** A token for every tool that there is. */
export async function mcpToken(ttlSeconds = 600, signedWith = secret): Promise<string> {
  const tools: string[] = [];
  for (const server of Object.keys(servers))
    tools.push(...(await toolsOf(server)).map((name) => `${server}.${name}`));
  const repository = { owner: "octo", repo: "sample" };
  return signCapability({ execution: "test", repository, installation: 1, tools }, signedWith, ttlSeconds);
}

/** The tools that a server publishes. */
export async function toolsOf(server: string): Promise<string[]> {
  const file = await readFile(join(root, "mcp-servers", server, "tools.json"), "utf8");
  return Tools.parse(JSON.parse(file)).map(({ name }) => name);
}
const Tools = z.array(z.looseObject({ name: z.string() }));

export type McpProcess = AsyncDisposable & { url: string; token: string };

/** Starts a server that listens at a free port. */
export async function startMcpProcess(server: string): Promise<McpProcess> {
  const directory = await mkdtemp(join(tmpdir(), "afu9-mcp-"));
  const { command, args } = mcpCommand(server);
  const child = spawn(command, args, { env: mcpSettings(directory), stdio: ["ignore", "ignore", "pipe"] });
  const ended = once(child, "close");
  const said: string[] = [];
  const lines = createInterface(child.stderr).on("line", (line) => said.push(line));
  const url = await new Promise<string>((resolve, reject) => {
    lines.on("line", (line) => {
      const { url } = line.startsWith("{") ? JSON.parse(line) : {};
      if (url) resolve(url);
    });
    ended.then(() => reject(new Error(`The server ${server} ended:\n${said.join("\n")}`)), reject);
  });
  return {
    url,
    token: await mcpToken(),
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
      await rm(directory, { recursive: true });
    },
  };
}
