// A list of tools as MCP shows it, whatever the way by which callers come.
import { McpServer, type Tool as McpTool } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Capability } from "../shared/capability.ts";
import type { Logger } from "../shared/logger.ts";
import { needsRepositoryTokenKey } from "../shared/mcp-meta.ts";
import { allowedTools, callTool } from "./call-tool.ts";
import type { RecordCall } from "./record-calls.ts";
import type { Tool } from "./tool.ts";

/** What a server is, before it is known how callers come. */
export type Definition<Deps> = { name: string; tools: Tool<Deps>[]; deps: Deps; log: Logger };

/** The largest message that a caller may send. */
export const maxMessageBytes = 16 * 1024 * 1024;

type Session = {
  record: RecordCall;
  /** Asked for each request: a capability ends while a connection stays. */
  capability(): Promise<Capability>;
  /** Aborts every call. */
  closing: AbortSignal;
};

export function mcpServer<Deps>(
  { name, tools, deps }: Definition<Deps>,
  { record, capability, closing }: Session,
): McpServer {
  const mcp = new McpServer({ name, version: "1.0.0" }, { capabilities: { tools: {} } });
  mcp.server.setRequestHandler("tools/list", async () => ({
    tools: allowedTools(name, tools, await capability()).map(describeTool),
  }));
  mcp.server.setRequestHandler("tools/call", async ({ params }, { mcpReq }) =>
    callTool({ name, tools, deps, record }, params, {
      capability: await capability(),
      signal: AbortSignal.any([mcpReq.signal, closing]),
      notify: mcpReq.notify,
    }),
  );
  return mcp;
}

/** A tool as `tools/list` shows it. */
export function describeTool<Deps>(tool: Tool<Deps>): McpTool {
  return {
    name: tool.name,
    description: tool.description,
    inputSchema: jsonSchema(tool.input, "input"),
    ...(tool.output && { outputSchema: jsonSchema(tool.output, "output") }),
    annotations: {
      readOnlyHint: tool.effect === "read",
      destructiveHint: tool.effect === "destroy",
      ...(tool.idempotent && { idempotentHint: true }),
    },
    ...(tool.needsRepositoryToken && { _meta: { [needsRepositoryTokenKey]: true } }),
  };
}

function jsonSchema(schema: z.ZodObject, io: "input" | "output"): McpTool["inputSchema"] {
  // The dialect's address is left out: version 1 clients know only an older one, and the keywords used are the same.
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
  return rest as McpTool["inputSchema"];
}
