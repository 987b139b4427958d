import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Client as FormerClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as FormerTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { SignJWT } from "jose";
import { pino } from "pino";
import { z } from "zod";
import { type Capability, signCapability } from "../shared/capability.ts";
import { Refusal, ToolFailure } from "../shared/errors.ts";
import { connectMcp } from "../test/connect-mcp.ts";
import { type RunningServer, serve } from "./serve.ts";
import { owner, repo, type ToolCall, tool } from "./tool.ts";

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
const tools = [greet, plain, useRepository, fail, wait];

const secret = "the current secret";
const former = "the former secret";
const capability: Capability = {
  execution: "1",
  repository: { owner: "octo", repo: "sample" },
  installation: 1,
  tools: ["test.greet", "test.plain", "test.useRepository", "test.fail", "test.wait"],
};

let server: RunningServer;
let log = "";
const calls: ToolCall[] = [];
let started: (call: ToolCall) => void = () => {};

beforeAll(async () => {
  const stream = new PassThrough().on("data", (chunk) => {
    log += chunk;
  });
  server = await serve({
    name: "test",
    tools,
    deps: { greeting: "Hello", calls, started: (call) => started(call) },
    port: 0,
    host: "127.0.0.1",
    secrets: [secret, former],
    log: pino({ level: "debug", messageKey: "message", errorKey: "error" }, stream),
  });
});
afterAll(() => server.close());

const connect = async (changed: Partial<Capability> = {}, signedWith = secret) =>
  connectMcp(server.url, await signCapability({ ...capability, ...changed }, signedWith, 60));

async function post(headers: Record<string, string>, body = "{}"): Promise<Response> {
  const response = await fetch(server.url, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
      ...headers,
    },
    body,
  });
  await response.body?.cancel();
  return response;
}

describe("a call", () => {
  test("gives the tool's object as structured content and as JSON text", async () => {
    const { client, close } = await connect();
    expect(await client.callTool({ name: "greet", arguments: { name: "you" } })).toMatchObject({
      structuredContent: { text: "Hello you" },
      content: [{ type: "text", text: '{"text":"Hello you"}' }],
    });
    await close();
  });

  test("gives a tool's string as text only", async () => {
    const { client, close } = await connect();
    const result = await client.callTool({ name: "plain" });
    expect(result.content).toEqual([{ type: "text", text: "plain text" }]);
    expect(result.structuredContent).toBeUndefined();
    await close();
  });

  test("with wrong arguments is refused argument by argument", async () => {
    const { refused, close } = await connect();
    const message = await refused("greet", { name: "far too long", times: "x", more: 1 });
    expect(message).toContain("- name: Too big");
    expect(message).toContain("- times: Invalid input: expected number");
    expect(message).toContain("more");
    await close();
  });

  test("that fails gives the message as written, and says whether it may work later", async () => {
    const { client, close } = await connect();
    const failing = (how: string) => client.callTool({ name: "fail", arguments: { how } });
    const text = (text: string) => ({ isError: true, content: [{ type: "text", text }] });
    expect(await failing("failure")).toMatchObject(text("There is no such file. Try another."));
    expect(await failing("refusal")).toMatchObject(text("The file says something that can't be used."));
    expect((await failing("failure"))._meta?.["afu9/retryable"]).toBeUndefined();
    expect(await failing("fault")).toMatchObject({
      ...text("fail could not be done: the disk is full"),
      _meta: { "afu9/retryable": true },
    });
    expect(log).toContain("the disk is full");
    await close();
  });

  test("is logged with its tool, execution, outcome and time, and without its arguments", async () => {
    const { call, close } = await connect();
    log = "";
    await call("greet", { name: "a-name" });
    await close();
    expect(JSON.parse(log)).toMatchObject({
      tool: "test.greet",
      execution: "1",
      outcome: "ok",
      duration_ms: expect.any(Number),
      message: "tool call finished",
    });
    expect(log).not.toContain("a-name");
  });

  test("of a caller that goes away is aborted", async () => {
    const { client, close } = await connect();
    const running = new Promise<ToolCall>((resolve) => {
      started = resolve;
    });
    const calling = client.callTool({ name: "wait" }).catch(() => "gone");
    const { signal } = await running;
    const aborted = new Promise((resolve) => signal.addEventListener("abort", () => resolve("aborted")));
    await close();
    expect(await aborted).toBe("aborted");
    expect(await calling).toBe("gone");
  });
});

describe("the list", () => {
  test("shows only what the capability allows, with the effects as hints", async () => {
    const { client, close } = await connect({ tools: ["test.greet", "test.useRepository", "other.plain"] });
    const list = await client.listTools();
    expect(list.tools.map(({ name }) => name)).toEqual(["greet", "useRepository"]);
    expect(list.tools[0]).toMatchObject({
      inputSchema: { type: "object", required: ["name"], additionalProperties: false },
      outputSchema: { type: "object", required: ["text"] },
      annotations: { readOnlyHint: true, destructiveHint: false },
    });
    expect(list.tools[1]).toMatchObject({
      annotations: { readOnlyHint: false, destructiveHint: true },
      _meta: { "afu9/needs-repository-token": true },
    });
    await close();
  });
});

describe("the capability", () => {
  test("refuses a tool that it does not name", async () => {
    const { refused, close } = await connect({ tools: ["test.greet", "other.plain"] });
    expect(await refused("plain")).toBe("The tool test.plain is not allowed for this execution.");
    expect(await refused("nothing")).toContain("There is no tool nothing");
    await close();
  });

  test("refuses another repository, whatever its token", async () => {
    const { refused, call, close } = await connect();
    const meta = { "afu9/repository-token": "ghs_secret" };
    expect(await refused("useRepository", { owner: "octo", repo: "other" }, meta)).toContain(
      "may only use the repository octo/sample",
    );
    expect(await refused("useRepository", { owner: "evil", repo: "sample" }, meta)).toContain(
      'Call again with "owner": "octo"',
    );
    expect(calls).toHaveLength(0);
    await call("useRepository", { owner: "octo", repo: "sample" }, meta);
    expect(calls).toHaveLength(1);
    await close();
  });

  test("signed with the former secret is valid while the secret rotates", async () => {
    const { call, close } = await connect({}, former);
    expect(await call("plain")).toBe("plain text");
    await close();
  });

  test.each([
    ["no token", async () => ({})],
    ["a token that is none", async () => ({ Authorization: "Bearer nonsense" })],
    ["a password", async () => ({ Authorization: "Basic bm9uZTpub25l" })],
    ["a foreign secret", async () => bearer(await signCapability(capability, "a foreign secret", 60))],
    ["an expired capability", async () => bearer(await signCapability(capability, secret, -1))],
    ["a token for another audience", async () => bearer(await signed({ ...capability }, "another"))],
    ["a token that is no capability", async () => bearer(await signed({ execution: "1" }, "afu9-mcp"))],
    ["an unsigned token", async () => bearer(unsigned())],
  ])("is missing with %s: 401", async (_, headers) => {
    const response = await post(await headers());
    expect(response.status).toBe(401);
    expect(response.headers.get("WWW-Authenticate")).toContain("Bearer");
  });
});

describe("the repository token", () => {
  test("reaches the tool that declares it, and no other and no log", async () => {
    const { call, refused, close } = await connect();
    calls.length = 0;
    log = "";
    await call("useRepository", { owner: "octo", repo: "sample" }, { "afu9/repository-token": "ghs_secret" });
    expect(calls[0]?.repositoryToken).toBe("ghs_secret");
    expect(log).not.toContain("ghs_secret");
    expect(await refused("useRepository", { owner: "octo", repo: "sample" })).toContain(
      "afu9/repository-token",
    );

    const running = new Promise<ToolCall>((resolve) => {
      started = resolve;
    });
    const waiting = call("wait", {}, { "afu9/repository-token": "ghs_secret" }).catch(() => {});
    expect((await running).repositoryToken).toBeUndefined();
    await close();
    await waiting;
  });
});

describe("the server", () => {
  test("answers a client of version 1 of the SDK", async () => {
    const client = new FormerClient({ name: "former", version: "1.0.0" });
    const requestInit = { headers: bearer(await signCapability(capability, secret, 60)) };
    await client.connect(new FormerTransport(new URL(server.url), { requestInit }));
    expect((await client.listTools()).tools).toHaveLength(tools.length);
    expect(await client.callTool({ name: "greet", arguments: { name: "you" } })).toMatchObject({
      structuredContent: { text: "Hello you" },
    });
    expect(await client.callTool({ name: "fail", arguments: { how: "failure" } })).toMatchObject({
      isError: true,
    });

    const running = new Promise<ToolCall>((resolve) => {
      started = resolve;
    });
    const calling = client.callTool({ name: "wait" }).catch(() => "gone");
    const { signal } = await running;
    const aborted = new Promise((resolve) => signal.addEventListener("abort", () => resolve("aborted")));
    await client.close();
    expect(await aborted).toBe("aborted");
    expect(await calling).toBe("gone");
  });

  test("says that it is well to whoever asks", async () => {
    const response = await fetch(new URL("/health", server.url));
    expect([response.status, await response.json()]).toEqual([200, { status: "ok", server: "test" }]);
    expect((await fetch(new URL("/", server.url))).status).toBe(404);
  });

  test("refuses a body of more than 16 MB, and takes one of more than 4", async () => {
    const headers = bearer(await signCapability(capability, secret, 60));
    expect((await post(headers, " ".repeat(16 * 1024 * 1024 + 1))).status).toBe(413);
    expect((await post(headers, " ".repeat(5 * 1024 * 1024))).status).toBe(400);
  });

  test("refuses a page that a browser has open, and a name that is not its own", async () => {
    const headers = bearer(await signCapability(capability, secret, 60));
    expect((await post({ ...headers, Origin: "https://evil.example" })).status).toBe(403);
    expect(await statusWithHost("evil.example")).toBe(403);
    expect(await statusWithHost("localhost:1")).toBe(401);
  });

  test("aborts what is under way when it closes for longer than its grace", async () => {
    // A server of its own, whose grace is not waited for.
    const other = await serve({
      ...{
        name: "test",
        tools,
        port: 0,
        host: "127.0.0.1",
        secrets: [secret],
        log: pino({ level: "silent" }),
      },
      deps: { greeting: "", calls: [], started: (call) => started(call) },
      closeGraceMs: 1,
    });
    const { client, close } = await connectMcp(other.url, await signCapability(capability, secret, 60));
    const running = new Promise<ToolCall>((resolve) => {
      started = resolve;
    });
    const calling = client.callTool({ name: "wait" }).catch(() => "gone");
    const { signal } = await running;
    await other.close();
    expect(signal.aborted).toBe(true);
    await close();
    expect(await calling).toBe("gone");
  });
});

function bearer(token: string): { Authorization: string } {
  return { Authorization: `Bearer ${token}` };
}

function signed(payload: Record<string, unknown>, audience: string): Promise<string> {
  const jwt = new SignJWT(payload)
    .setProtectedHeader({ alg: "HS256" })
    .setAudience(audience)
    .setExpirationTime("60s");
  return jwt.sign(new TextEncoder().encode(secret));
}

function unsigned(): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "none" })}.${part({ ...capability, aud: "afu9-mcp", exp: 9_999_999_999 })}.`;
}

/** `fetch` does not let a Host header through. */
async function statusWithHost(host: string): Promise<number | undefined> {
  const { request } = await import("node:http");
  return new Promise((resolve, reject) => {
    const sent = request(server.url, { method: "POST", headers: { Host: host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on("error", reject).end();
  });
}
