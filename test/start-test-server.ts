// A server with a tool for every kind of behaviour, for the tests of mcp-servers.
import { PassThrough } from "node:stream";
import { pino } from "pino";
import { z } from "zod";
import { serve } from "../mcp-servers/serve.ts";
import { owner, repo, type ToolCall, tool } from "../mcp-servers/tool.ts";
import { type Capability, signCapability } from "../shared/capability.ts";
import { Refusal, ToolFailure } from "../shared/errors.ts";
import { connectMcp, type McpCaller } from "./connect-mcp.ts";

type Deps = { greeting: string; calls: ToolCall[]; started(call: ToolCall): void };

const greet = tool<Deps>()({
  name: "greet",
  description: "Greet somebody.",
  effect: "read",
  input: z.object({ name: z.string().max(10), times: z.number().default(1) }),
  output: z.object({ text: z.string() }),
  run: async ({ name, times }, { greeting }) => ({ text: `${greeting} ${name}`.repeat(times) }),
});
const plain = tool<Deps>()({
  name: "plain",
  description: "Say something as plain text.",
  effect: "write",
  input: z.object({}),
  run: async () => "plain text",
});
const useRepository = tool<Deps>()({
  name: "useRepository",
  description: "Use the repository.",
  effect: "destroy",
  needsRepositoryToken: true,
  input: z.object({ owner, repo }),
  run: async (_, { calls }, call) => {
    calls.push(call);
    return {};
  },
});
const fail = tool<Deps>()({
  name: "fail",
  description: "Fail in one of several ways.",
  effect: "read",
  input: z.object({ how: z.enum(["failure", "refusal", "fault"]) }),
  run: async ({ how }) => {
    if (how === "failure") throw new ToolFailure("There is no such file. Try another.");
    if (how === "refusal") throw new Refusal("The file says something that can't be used.");
    throw new Error("the disk is full");
  },
});
const wait = tool<Deps>()({
  name: "wait",
  description: "Wait until the call is aborted.",
  effect: "read",
  input: z.object({}),
  run: async (_, { started }, call) => {
    await new Promise((resolve) => {
      call.signal.addEventListener("abort", resolve);
      started(call);
    });
    return {};
  },
});
export const testTools = [greet, plain, useRepository, fail, wait];

export const secret = "the current secret";
export const former = "the former secret";
export const capability: Capability = {
  execution: "1",
  repository: { owner: "octo", repo: "sample" },
  installation: 1,
  tools: testTools.map(({ name }) => `test.${name}`),
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
  close(): Promise<void>;
};

export async function startTestServer(closeGraceMs?: number): Promise<TestServer> {
  const log: string[] = [];
  const calls: ToolCall[] = [];
  let started: (call: ToolCall) => void = () => {};
  const stream = new PassThrough().on("data", (line) => log.push(String(line)));
  const { url, close } = await serve({
    name: "test",
    tools: testTools,
    deps: { greeting: "Hello", calls, started: (call) => started(call) },
    port: 0,
    host: "127.0.0.1",
    secrets: [secret, former],
    log: pino({ level: "debug", messageKey: "message", errorKey: "error" }, stream),
    closeGraceMs,
  });
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
      const accepted = { "Content-Type": "application/json", Accept: "application/json, text/event-stream" };
      const response = await fetch(url, { method: "POST", headers: { ...accepted, ...headers }, body });
      await response.body?.cancel();
      return response;
    },
    close,
  };
}

export function bearer(token: string): { Authorization: string } {
  return { Authorization: `Bearer ${token}` };
}
