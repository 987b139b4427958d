// A server with tools-to-test.ts, for the tests of mcp-servers.
import { PassThrough } from "node:stream";
import { pino } from "pino";
import { serve } from "../mcp-servers/serve.ts";
import type { ToolCall } from "../mcp-servers/tool.ts";
import { type Capability, signCapability } from "../shared/capability.ts";
import { connectMcp, type McpCaller } from "./connect-mcp.ts";
import { toolsToTest } from "./tools-to-test.ts";

export const secret = "the current secret";
export const former = "the former secret";
export const capability: Capability = {
  execution: "1",
  repository: { owner: "octo", repo: "sample" },
  installation: 1,
  tools: toolsToTest.map(({ name }) => `test.${name}`),
};

export type TestServer = {
  url: string;
  /** The calls that `useRepository` got. */
  calls: ToolCall[];
  /** What was logged, line by line. */
  log: string[];
  connect(changed?: Partial<Capability>, signedWith?: string): Promise<McpCaller>;
  /** The next call of `wait` that begins. */
  nextWait(): Promise<ToolCall>;
  post(headers: Record<string, string>, body?: string): Promise<Response>;
  /** Sends one JSON-RPC request as it is, and gives all that comes back for it. */
  ask(request: { method: string; params: object }): Promise<string>;
  close(): Promise<void>;
};

export async function startTestServer(closeGraceMs?: number): Promise<TestServer> {
  const log: string[] = [];
  const calls: ToolCall[] = [];
  let started: (call: ToolCall) => void = () => {};
  const stream = new PassThrough().on("data", (line) => log.push(String(line)));
  const { url, close } = await serve({
    name: "test",
    tools: toolsToTest,
    deps: { greeting: "Hello", calls, started: (call) => started(call) },
    port: 0,
    host: "127.0.0.1",
    secrets: [secret, former],
    log: pino({ level: "debug", messageKey: "message", errorKey: "error" }, stream),
    closeGraceMs,
  });
  const accepted = { "Content-Type": "application/json", Accept: "application/json, text/event-stream" };
  const post = (headers: Record<string, string>, body: string) =>
    fetch(url, { method: "POST", headers: { ...accepted, ...headers }, body });
  return {
    url,
    calls,
    log,
    connect: async (changed = {}, signedWith = secret) =>
      connectMcp(url, await signCapability({ ...capability, ...changed }, signedWith, 60)),
    nextWait: () =>
      new Promise((resolve) => {
        started = resolve;
      }),
    async post(headers, body = "{}") {
      const response = await post(headers, body);
      await response.body?.cancel();
      return response;
    },
    async ask(request) {
      const headers = bearer(await signCapability(capability, secret, 60));
      return (await post(headers, JSON.stringify({ jsonrpc: "2.0", id: 1, ...request }))).text();
    },
    close,
  };
}

export function bearer(token: string): { Authorization: string } {
  return { Authorization: `Bearer ${token}` };
}
