// Serves a list of tools over MCP's Streamable HTTP, to callers that hold a capability.
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import {
  hostHeaderValidation,
  type NodeMcpRequestHandler,
  originValidation,
  toNodeHandler,
} from "@modelcontextprotocol/node";
import {
  createMcpHandler,
  type McpRequestContext,
  McpServer,
  type Tool as McpTool,
} from "@modelcontextprotocol/server";
import { z } from "zod";
import { Capability, verifyCapability } from "../shared/capability.ts";
import type { Logger } from "../shared/logger.ts";
import { allowedTools, callTool, needsRepositoryTokenKey } from "./call-tool.ts";
import type { Tool } from "./tool.ts";

const maxRequestBodySize = 16 * 1024 * 1024;

export type ServeOptions<Deps> = {
  name: string;
  tools: Tool<Deps>[];
  deps: Deps;
  /** 0 takes a free port. */
  port: number;
  host: string;
  /** More names that a request's `Host` may have, besides `host` and the names of this machine. */
  hosts?: string[];
  /** Capabilities signed with any of these are valid. */
  secrets: string[];
  log: Logger;
  /** How long requests under way have when the server closes; five seconds unless told. */
  closeGraceMs?: number;
};

export type RunningServer = {
  /** The MCP endpoint, with its path `/mcp`. */
  url: string;
  /** Takes no new requests, gives those under way some time, then aborts them. */
  close(): Promise<void>;
};

export async function serve<Deps>(options: ServeOptions<Deps>): Promise<RunningServer> {
  const { name, host, log } = options;
  const closing = new AbortController();
  const handler = createMcpHandler((context) => mcpServer(options, context, closing.signal), {
    // Headers go out at once and comments follow: a fetch gives up on a tool that is silent for five minutes.
    responseMode: "sse",
    maxRequestBodySize,
    onerror: notServed(log),
  });
  const answer = requestListener(
    options,
    toNodeHandler(handler, { maxRequestBodySize, onerror: notServed(log) }),
  );
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      log.error({ error }, "request failed");
      response.destroy();
    });
  });
  server.listen(options.port, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}/mcp`;
  log.info({ url }, "listening");

  async function close(): Promise<void> {
    const closed = once(server, "close");
    server.close();
    const graceEnds = setTimeout(() => {
      closing.abort(new Error(`The MCP server ${name} is closing.`));
      server.closeAllConnections();
    }, options.closeGraceMs ?? 5_000);
    await closed;
    clearTimeout(graceEnds);
    await handler.close();
  }
  return { url, close };
}

/** What a request passes before MCP sees it: its address, where it comes from, and its capability. */
function requestListener<Deps>(
  { name, host, hosts = [], secrets }: ServeOptions<Deps>,
  answer: NodeMcpRequestHandler,
) {
  const names = ["localhost", "127.0.0.1", "[::1]", host, ...hosts];
  const isHostKnown = hostHeaderValidation(names);
  const isOriginKnown = originValidation(names);

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = request.url?.split("?")[0];
    if (path === "/health") return reply(response, 200, { status: "ok", server: name });
    if (path !== "/mcp") return reply(response, 404, { error: "There is only /mcp and /health here." });
    if (!isHostKnown(request, response) || !isOriginKnown(request, response)) return;

    const [, token] = request.headers.authorization?.match(/^Bearer (\S+)$/i) ?? [];
    const capability = token && (await verifyCapability(token, secrets));
    if (!token || !capability) return unauthorized(response);
    const auth = { token, clientId: capability.execution, scopes: capability.tools, extra: { capability } };
    await answer(Object.assign(request, { auth }), response);
  };
}

function notServed(log: Logger): (error: Error) => void {
  return (error) => log.warn({ error: error.message }, "request not served");
}

/** One server object per request: no session, so any process can answer any request. */
function mcpServer<Deps>(
  options: ServeOptions<Deps>,
  context: McpRequestContext,
  closing: AbortSignal,
): McpServer {
  const capability = Capability.parse(context.authInfo?.extra?.capability);
  const mcp = new McpServer({ name: options.name, version: "1.0.0" }, { capabilities: { tools: {} } });
  mcp.server.setRequestHandler("tools/list", () => ({
    tools: allowedTools(options.name, options.tools, capability).map(describeTool),
  }));
  mcp.server.setRequestHandler("tools/call", ({ params }, { mcpReq }) =>
    callTool(options, params, { capability, signal: AbortSignal.any([mcpReq.signal, closing]) }),
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
    },
    ...(tool.needsRepositoryToken && { _meta: { [needsRepositoryTokenKey]: true } }),
  };
}

function jsonSchema(schema: z.ZodObject, io: "input" | "output"): McpTool["inputSchema"] {
  // The dialect's address is left out: version 1 clients know only an older one, and the keywords used are the same.
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io });
  return rest as McpTool["inputSchema"];
}

function unauthorized(response: ServerResponse): void {
  response.setHeader("WWW-Authenticate", 'Bearer realm="afu9", error="invalid_token"');
  reply(response, 401, {
    error: "This server needs an Authorization header with a valid capability: Bearer <token>.",
  });
}

function reply(response: ServerResponse, status: number, body: object): void {
  // Whatever the request still has to say is not read.
  response.writeHead(status, { "Content-Type": "application/json", Connection: "close" });
  response.end(JSON.stringify(body));
}
