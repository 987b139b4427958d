import { type McpServer, type McpServerOptions, openMcpServer } from "./mcp-server.ts";
import type { RegisteredServer } from "./registry.ts";

/** The MCP servers that this process talks to, each over one connection for all of its steps. */
export type McpServers = {
  /** Opened when it is first asked for: one that nobody uses is not contacted. */
  of(server: RegisteredServer): McpServer;
  close(): Promise<void>;
};

export function createMcpServers(options: McpServerOptions): McpServers {
  const opened = new Map<string, McpServer>();
  return {
    of(server) {
      const key = `${server.name} ${server.endpoint}`;
      const mcpServer = opened.get(key) ?? openMcpServer(server, options);
      opened.set(key, mcpServer);
      return mcpServer;
    },
    async close() {
      await Promise.all([...opened.values()].map((server) => server.close()));
    },
  };
}
