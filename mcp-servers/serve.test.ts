import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Client as FormerClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as FormerTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { signCapability } from "../shared/capability.ts";
import { bearer, capability, secret, startTestServer, type TestServer } from "../test/start-test-server.ts";
import { toolsToTest } from "../test/tools-to-test.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

describe("a call", () => {
  test("gives the tool's object as structured content and as JSON text", async () => {
    const { client, close } = await server.connect();
    expect(await client.callTool({ name: "greet", arguments: { name: "you" } })).toMatchObject({
      structuredContent: { text: "Hello you" },
      content: [{ type: "text", text: '{"text":"Hello you"}' }],
    });
    await close();
  });

  test("gives a tool's string as text only", async () => {
    const { client, close } = await server.connect();
    const result = await client.callTool({ name: "plain" });
    expect(result.content).toEqual([{ type: "text", text: "plain text" }]);
    expect(result.structuredContent).toBeUndefined();
    await close();
  });

  test("with wrong arguments is refused argument by argument", async () => {
    const { refused, close } = await server.connect();
    const message = await refused("greet", { name: "far too long", times: "x", more: 1 });
    expect(message).toContain("- name: Too big");
    expect(message).toContain("- times: Invalid input: expected number");
    expect(message).toContain("more");
    await close();
  });

  test("that fails gives the message as written, and says whether it may work later", async () => {
    const { client, close } = await server.connect();
    const failing = (how: string) => client.callTool({ name: "fail", arguments: { how } });
    const text = (text: string) => ({ isError: true, content: [{ type: "text", text }] });
    expect(await failing("failure")).toMatchObject(text("There is no such file. Try another."));
    expect(await failing("refusal")).toMatchObject(text("The file says something that can't be used."));
    expect((await failing("failure"))._meta?.["afu9/retryable"]).toBeUndefined();
    expect(await failing("fault")).toMatchObject({
      ...text("fail could not be done: the disk is full"),
      _meta: { "afu9/retryable": true },
    });
    expect(server.log.join("")).toContain("the disk is full");
    await close();
  });

  test("is logged with its tool, execution, outcome and time, and without its arguments", async () => {
    const { call, close } = await server.connect();
    server.log.length = 0;
    await call("greet", { name: "a-name" });
    await close();
    expect(JSON.parse(server.log.join(""))).toMatchObject({
      tool: "test.greet",
      execution: "1",
      outcome: "ok",
      duration_ms: expect.any(Number),
      message: "tool call finished",
    });
    expect(server.log.join("")).not.toContain("a-name");
  });

  test("of a caller that goes away is aborted", async () => {
    const { client, close } = await server.connect();
    const running = server.nextWait();
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
    const { client, close } = await server.connect({
      tools: ["test.greet", "test.useRepository", "other.plain"],
    });
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

describe("the repository token", () => {
  test("reaches the tool that declares it, and no other and no log", async () => {
    const { call, refused, close } = await server.connect();
    server.calls.length = 0;
    server.log.length = 0;
    await call("useRepository", { owner: "octo", repo: "sample" }, { "afu9/repository-token": "ghs_secret" });
    expect(server.calls[0]?.repositoryToken).toBe("ghs_secret");
    expect(server.log.join("")).not.toContain("ghs_secret");
    expect(await refused("useRepository", { owner: "octo", repo: "sample" })).toContain(
      "afu9/repository-token",
    );

    const running = server.nextWait();
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
    expect((await client.listTools()).tools).toHaveLength(toolsToTest.length);
    expect(await client.callTool({ name: "greet", arguments: { name: "you" } })).toMatchObject({
      structuredContent: { text: "Hello you" },
    });
    expect(await client.callTool({ name: "fail", arguments: { how: "failure" } })).toMatchObject({
      isError: true,
    });

    const running = server.nextWait();
    const calling = client.callTool({ name: "wait" }).catch(() => "gone");
    const { signal } = await running;
    const aborted = new Promise((resolve) => signal.addEventListener("abort", () => resolve("aborted")));
    await client.close();
    expect(await aborted).toBe("aborted");
    expect(await calling).toBe("gone");
  });

  test("does not wait for a connection that nothing was asked on when it closes", async () => {
    const other = await startTestServer(600_000);
    const connection = connect(Number(new URL(other.url).port), "127.0.0.1");
    await once(connection, "connect");
    expect((await other.post({})).status).toBe(401);
    await Promise.all([other.close(), once(connection, "close")]);
    expect(connection.bytesRead).toBe(0);
  });

  test("aborts what is under way when it closes for longer than its grace", async () => {
    const other = await startTestServer(1);
    const { client, close } = await other.connect();
    const running = other.nextWait();
    const calling = client.callTool({ name: "wait" }).catch(() => "gone");
    const { signal } = await running;
    await other.close();
    expect(signal.aborted).toBe(true);
    await close();
    expect(await calling).toBe("gone");
  });
});
