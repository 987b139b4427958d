// Serves a list of tools over MCP's Streamable HTTP, or over standard input and output, to callers that hold a capability.
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import {
  hostHeaderValidation,
  type NodeMcpRequestHandler,
  originValidation,
  toNodeHandler,
} from "@modelcontextprotocol/node";
import { createMcpHandler } from "@modelcontextprotocol/server";
import { Capability, verifyCapability } from "../shared/capability.ts";
import type { Logger } from "../shared/logger.ts";
import { type Definition, maxMessageBytes, mcpServer } from "./mcp-server.ts";
import { createRecorder } from "./record-calls.ts";
import { serveStdio } from "./serve-stdio.ts";

/** How long a connection may be idle. Node's five seconds end many just as a caller sends its next request. */
const idleMs = 75_000;

export type ServeOptions<Deps> = Definition<Deps> & {
  /** 0 takes a free port. */
  port: number;
  host: string;
  /** More names that a request's `Host` may have, besides `host` and the names of this machine. */
  hosts?: string[];
  /** Capabilities signed with any of these are valid. */
  secrets: string[];
  /** How long requests under way have when the server closes; five seconds unless told. */
  closeGraceMs?: number;
  /** Serve the holder of this capability over standard input and output, and listen at no port. */
  stdioToken?: string;
};

export type RunningServer = {
  /** The MCP endpoint, with its path `/mcp`; `stdio:` when there is none. */
  url: string;
  /** Takes no new requests, gives those under way some time, then aborts them. */
  close(): Promise<void>;
};

export async function serve<Deps>(options: ServeOptions<Deps>): Promise<RunningServer> {
  const { stdioToken } = options;
  return stdioToken === undefined ? serveHttp(options) : serveStdio({ ...options, token: stdioToken });
}

async function serveHttp<Deps>(options: ServeOptions<Deps>): Promise<RunningServer> {
  const { name, host, log } = options;
  const closing = new AbortController();
  const record = createRecorder(name, log);
  const limits = { maxRequestBodySize: maxMessageBytes, onerror: notServed(log) };
  // One server object per request: no session, so any process can answer any request.
  const handler = createMcpHandler(
    ({ authInfo }) => {
      const capability = Capability.parse(authInfo?.extra?.capability);
      return mcpServer(options, { record, capability: async () => capability, closing: closing.signal });
    },
    // Headers go out at once and comments follow: a fetch gives up on a tool that is silent for five minutes.
    { ...limits, responseMode: "sse" },
  );
  const answer = requestListener(options, toNodeHandler(handler, limits));
  const server = createServer({ keepAliveTimeout: idleMs }, (request, response) => {
    answer(request, response).catch((error: unknown) => {
      log.error({ error }, "request failed");
      response.destroy();
    });
  });
  const unused = unusedConnections(server);
  server.listen(options.port, host);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}/mcp`;
  log.info({ url }, "listening");

  async function close(): Promise<void> {
    const closed = once(server, "close");
    server.close();
    for (const connection of unused) connection.destroy();
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

/** Connections that nothing was asked on yet, such as a client opens ahead: for Node they are not idle, and a server waits for them. */
function unusedConnections(server: Server): Set<Socket> {
  const unused = new Set<Socket>();
  server.on("connection", (connection) => {
    unused.add(connection);
    connection.once("close", () => unused.delete(connection));
  });
  server.on("request", ({ socket }) => unused.delete(socket));
  return unused;
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
