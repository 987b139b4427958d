// One MCP server, as steps use it: what it offers, and calls.
import { type CallToolResult, ProtocolError, SdkHttpError, type Tool } from "@modelcontextprotocol/client";
import { messageOf, PermanentFault } from "../../shared/errors.ts";
import type { Logger } from "../../shared/logger.ts";
import { retryAfterKey, retryableKey } from "../../shared/mcp-meta.ts";
import { AnswerTooLarge } from "./bounded-answer.ts";
import { connectServer, type HeaderValues, type Sending } from "./connection.ts";
import { createDiscovery } from "./discovery.ts";
import { createGuard, type Guarded } from "./guard.ts";
import { allowedOf, checkPinned } from "./pin.ts";
import type { RegisteredServer } from "./registry.ts";
import { requestHeaders } from "./request-headers.ts";
import { ServerFault } from "./server-fault.ts";

export type McpCall = {
  tool: Tool;
  input: Record<string, unknown>;
  meta?: Record<string, unknown>;
  signal: AbortSignal;
};

/** Who asks: the step's capability, and the plain names of the tools that it covers. */
export type Caller = { token: string; tools: string[] };

export type McpServer = {
  /** What the server offers to the caller, unchecked: for people to look at. */
  offered(caller: Caller, server: RegisteredServer): Promise<Tool[]>;
  /** The definitions of the caller's tools. One that the server does not have is not among them. */
  tools(caller: Caller, server: RegisteredServer): Promise<Tool[]>;
  /** Makes a call. What the server refuses is a result with `isError`; when it gives no answer, it throws. */
  call(caller: Caller, server: RegisteredServer, call: McpCall): Promise<CallToolResult>;
  close(): Promise<void>;
};

export type McpServerOptions = {
  log: Logger;
  /** The values for the headers of third parties, by their variables. */
  headerValues: HeaderValues;
  aloneMs?: number;
  maxAgeMs?: number;
};

const listMs = 30_000;
/** The largest answer of a third party. Our own servers bound theirs, at a million characters. */
const maxThirdPartyBytes = 4 * 1024 * 1024;
/** Whatever its progress, a call ends after so many times the server's time. */
const mostTimeouts = 10;

export function openMcpServer(
  { name, endpoint }: Pick<RegisteredServer, "name" | "endpoint">,
  { log, headerValues, aloneMs, maxAgeMs }: McpServerOptions,
): McpServer {
  const connection = connectServer(endpoint);
  const discovery = createDiscovery(maxAgeMs);
  const guard = createGuard({ server: name, log, aloneMs });

  const sendingTo = (server: RegisteredServer, token: string) => ({
    headers: requestHeaders(server, token, headerValues),
    ...(server.isThirdParty && { maxBytes: maxThirdPartyBytes }),
  });

  async function guarded<T>(
    sending: Omit<Sending, "isOne">,
    request: Pick<Guarded<T>, "retries" | "mayPass" | "signal"> & { send(): Promise<T> },
  ): Promise<T> {
    try {
      return await guard.run({
        ...request,
        call: request.send,
        probe: () => connection.renew(sending),
      });
    } catch (error) {
      request.signal?.throwIfAborted();
      throw new Error(`The MCP server \`${name}\` at ${endpoint} can't be used now: ${reasonOf(error)}.`, {
        cause: error,
      });
    }
  }

  const list = (sending: Omit<Sending, "isOne">, { timeoutMs, retries }: RegisteredServer) =>
    guarded(sending, {
      retries,
      mayPass: () => false,
      send: () =>
        connection.send({ ...sending, isOne: false }, async (client) => {
          // The client's own cache does not know whose token a list was asked for with.
          const how = { timeout: Math.min(timeoutMs, listMs), cacheMode: "bypass" } as const;
          return (await client.listTools(undefined, how)).tools;
        }),
    });

  return {
    offered: ({ token }, server) => list(sendingTo(server, token), server),
    async tools({ token, tools }, server) {
      const sending = sendingTo(server, token);
      // What was accepted anew is looked at anew.
      const key = server.isThirdParty ? String(server.toolsDigest) : tools.join();
      const found = await discovery.tools({ key, generation: connection.generation }, () =>
        list(sending, server),
      );
      return server.isThirdParty ? acceptedOf(server, tools, found) : found;
    },
    async call({ token }, server, { tool, input, meta, signal }) {
      const sending = sendingTo(server, token);
      const params = { name: tool.name, arguments: input, ...(meta && { _meta: meta }) };
      const how = { signal, ...timeLimits(server), toolDefinition: tool };
      return guarded(sending, {
        retries: mayRepeat(tool) ? server.retries : 0,
        mayPass: ({ isError, _meta }) =>
          isError === true && _meta?.[retryableKey] === true && !_meta[retryAfterKey],
        signal,
        send: () =>
          connection
            .send({ ...sending, isOne: true }, (client) => client.callTool(params, how))
            .catch(refusalOf),
      });
    },
    close: connection.close,
  };
}

/** A third party's tools that a caller names, when they may be called and are as they were accepted. */
function acceptedOf(server: RegisteredServer, wanted: string[], offered: Tool[]): Tool[] {
  const refused = wanted.filter((name) => !server.allowedTools.includes(name));
  if (refused.length > 0)
    throw new PermanentFault(
      `Of the MCP server \`${server.name}\`, ${server.allowedTools.join(", ")} may be called, and not ${refused.join(", ")}. ` +
        "`npm run afu9 -- mcp add` says which.",
    );
  const allowed = allowedOf(server, offered);
  checkPinned(server, allowed);
  return allowed.filter(({ name }) => wanted.includes(name));
}

/** A call that tells of its progress, such as one that follows a log, has the server's time from each step to the next. */
function timeLimits({ timeoutMs }: RegisteredServer) {
  return {
    timeout: timeoutMs,
    resetTimeoutOnProgress: true,
    onprogress: () => {},
    maxTotalTimeout: mostTimeouts * timeoutMs,
  };
}

/** A call is made again only where twice is the same as once. */
function mayRepeat({ annotations }: Tool): boolean {
  return annotations?.readOnlyHint === true || annotations?.idempotentHint === true;
}

/** A server that answers with an error of the protocol has refused the call: the caller reads why, as of any failed tool. */
function refusalOf(error: unknown): CallToolResult {
  if (error instanceof AnswerTooLarge)
    return refused(`The tool was called, and ${error.message}. Ask for less at once.`);
  if (!(error instanceof ProtocolError)) throw error;
  return refused(error.message);
}

function refused(text: string): CallToolResult {
  return { content: [{ type: "text", text }], isError: true };
}

function reasonOf(error: unknown): string {
  if (error instanceof SdkHttpError && (error.status === 401 || error.status === 403))
    return `it refused the step's capability (HTTP ${error.status}); AFU9_MCP_SECRET must be the same there`;
  return (error instanceof ServerFault ? error.message : messageOf(error)).replace(/\.$/, "");
}
