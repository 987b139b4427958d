// One MCP server, as steps use it: what it offers, and calls.
import { type CallToolResult, ProtocolError, SdkHttpError, type Tool } from "@modelcontextprotocol/client";
import { messageOf } from "../../shared/errors.ts";
import type { Logger } from "../../shared/logger.ts";
import { connectServer } from "./connection.ts";
import { createDiscovery } from "./discovery.ts";
import { createGuard, type Guarded } from "./guard.ts";
import type { RegisteredServer } from "./registry.ts";
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
  /** The definitions of the caller's tools. One that the server does not have is not among them. */
  tools(caller: Caller, server: RegisteredServer): Promise<Tool[]>;
  /** Makes a call. What the server refuses is a result with `isError`; when it gives no answer, it throws. */
  call(caller: Caller, server: RegisteredServer, call: McpCall): Promise<CallToolResult>;
  close(): Promise<void>;
};

/** In a failed result's `_meta`: the fault may pass. */
export const mayPassKey = "afu9/retryable";

export type McpServerOptions = { log: Logger; aloneMs?: number; maxAgeMs?: number };

export function openMcpServer(
  { name, endpoint }: Pick<RegisteredServer, "name" | "endpoint">,
  { log, aloneMs, maxAgeMs }: McpServerOptions,
): McpServer {
  const connection = connectServer(endpoint);
  const discovery = createDiscovery(maxAgeMs);
  const guard = createGuard({ server: name, log, aloneMs });

  async function guarded<T>(
    caller: Caller,
    request: Pick<Guarded<T>, "retries" | "mayPass" | "signal"> & { send(headers: Headers): Promise<T> },
  ): Promise<T> {
    const headers = { authorization: `Bearer ${caller.token}` };
    try {
      return await guard.run({
        ...request,
        call: () => request.send(headers),
        probe: () => connection.renew(headers),
      });
    } catch (error) {
      request.signal?.throwIfAborted();
      throw new Error(`The MCP server \`${name}\` at ${endpoint} can't be used now: ${reasonOf(error)}.`, {
        cause: error,
      });
    }
  }

  return {
    tools: (caller, { timeoutMs, retries }) =>
      discovery.tools({ key: caller.tools.join(), generation: connection.generation }, () =>
        guarded(caller, {
          retries,
          mayPass: () => false,
          send: (headers) =>
            connection.send(headers, async (client, options) => {
              // The client's own cache does not know whose token a list was asked for with.
              const how = { ...options, timeout: Math.min(timeoutMs, 30_000), cacheMode: "bypass" } as const;
              return (await client.listTools(undefined, how)).tools;
            }),
        }),
      ),
    call: (caller, { timeoutMs, retries }, { tool, input, meta, signal }) =>
      guarded(caller, {
        retries: mayRepeat(tool) ? retries : 0,
        mayPass: (result) => result.isError === true && result._meta?.[mayPassKey] === true,
        signal,
        send: (headers) =>
          connection.send(headers, (client, options) =>
            client
              .callTool(
                { name: tool.name, arguments: input, ...(meta && { _meta: meta }) },
                { ...options, signal, timeout: timeoutMs, toolDefinition: tool },
              )
              .catch(refusalOf),
          ),
      }),
    close: connection.close,
  };
}

type Headers = Record<string, string>;

/** A call is made again only where twice is the same as once. */
function mayRepeat({ annotations }: Tool): boolean {
  return annotations?.readOnlyHint === true || annotations?.idempotentHint === true;
}

/** A server that answers with an error of the protocol has refused the call: the caller reads why, as of any failed tool. */
function refusalOf(error: unknown): CallToolResult {
  if (!(error instanceof ProtocolError)) throw error;
  return { content: [{ type: "text", text: error.message }], isError: true };
}

function reasonOf(error: unknown): string {
  if (error instanceof SdkHttpError && (error.status === 401 || error.status === 403))
    return `it refused the step's capability (HTTP ${error.status}); AFU9_MCP_SECRET must be the same there`;
  return (error instanceof ServerFault ? error.message : messageOf(error)).replace(/\.$/, "");
}
