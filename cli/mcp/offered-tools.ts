// What a registered server offers now, for people to look at: nothing of it is used.
import type { Tool } from "@modelcontextprotocol/client";
import { signCapability } from "../../shared/capability.ts";
import { openMcpServer } from "../../worker/tools/mcp-server.ts";
import type { RegisteredServer } from "../../worker/tools/registry.ts";
import { readHeaderValues } from "../../worker/tools/request-headers.ts";
import { readKnownNames } from "../known-names.ts";
import { silentLog } from "../silent-log.ts";
import { storedSecret } from "./stored-secret.ts";

const patienceMs = 10_000;

/** Asks a server for its tools. AFU-9's own are asked with a capability that opens no repository. */
export async function readOfferedTools(server: RegisteredServer, root: string): Promise<Tool[]> {
  const mcpServer = openMcpServer(server, { log: silentLog, headerValues: readHeaderValues(process.env) });
  try {
    const tools = server.isThirdParty ? [] : await publishedTools(server.name, root);
    const token = server.isThirdParty ? "" : await tokenFor(server.name, tools, root);
    const once = { ...server, retries: 0, timeoutMs: patienceMs };
    return await mcpServer.offered({ token, tools }, once);
  } finally {
    await mcpServer.close();
  }
}

async function publishedTools(server: string, root: string): Promise<string[]> {
  const { tools = [] } = await readKnownNames(root);
  return [...tools]
    .filter((name) => name.startsWith(`${server}.`))
    .map((name) => name.slice(server.length + 1));
}

async function tokenFor(server: string, tools: string[], root: string): Promise<string> {
  const secret = process.env.AFU9_MCP_SECRET || (await storedSecret(root));
  if (!secret) throw new Error("AFU9_MCP_SECRET is not set, so its tools can't be asked for");
  const nothing = { execution: "command-line", installation: 0, repository: { owner: "-", repo: "-" } };
  return signCapability({ ...nothing, tools: tools.map((name) => `${server}.${name}`) }, secret, 60);
}
