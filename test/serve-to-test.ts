import { serve } from "../mcp-servers/serve.ts";
import type { Tool } from "../mcp-servers/tool.ts";
import { type Capability, signCapability } from "../shared/capability.ts";
import { createLogger } from "../shared/logger.ts";
import { connectMcp, connectNewest } from "./connect-mcp.ts";

const secret = "a secret for tests only";

type ToServe<Deps> = {
  name: string;
  tools: Tool<Deps>[];
  deps: Deps;
  repository: Capability["repository"];
  installation: number;
};

/** Serves all tools of an MCP server, with a real client that holds a capability for the repository. */
export async function serveToTest<Deps>({ name, tools, deps, repository, installation }: ToServe<Deps>) {
  const log = createLogger("test", "silent");
  const server = await serve({ name, tools, deps, port: 0, host: "127.0.0.1", secrets: [secret], log });
  const capability: Capability = {
    execution: "execution-1",
    repository,
    installation,
    tools: tools.map((tool) => `${name}.${tool.name}`),
  };
  const token = (changed: Partial<Capability> = {}) =>
    signCapability({ ...capability, ...changed }, secret, 600);
  const connect = async (changed?: Partial<Capability>) => connectMcp(server.url, await token(changed));
  const caller = await connect();
  return {
    connect,
    connectNewest: async () => connectNewest(server.url, await token()),
    caller,
    async close() {
      await caller.close();
      await server.close();
    },
  };
}
