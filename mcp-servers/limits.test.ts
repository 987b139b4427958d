import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { textOf } from "../test/connect-mcp.ts";
import { startTestServer, type TestServer } from "../test/start-test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

test("a call that takes longer than its tool may is aborted and ended, and may be tried again", async () => {
  const { client, close } = await server.connect();
  const running = server.nextWait();
  const calling = client.callTool({ name: "linger" });
  const { signal } = await running;
  const answer = await calling;
  expect(signal.aborted).toBe(true);
  expect(answer).toMatchObject({ isError: true, _meta: { "afu9/retryable": true } });
  expect(textOf(answer)).toBe(
    "linger was ended: it took longer than 0.05 s. It may have been done all the same: look before you call it again.",
  );
  expect(server.log.at(-1)).toContain('"outcome":"timed out"');
  await close();
});

describe("an answer", () => {
  test("up to the limit is given whole", async () => {
    const { call, close } = await server.connect();
    expect(await call("recite", { length: 300, as: "text" })).toBe("x".repeat(300));
    expect(await call("recite", { length: 289, as: "object" })).toEqual({ text: "x".repeat(289) });
    await close();
  });

  test("that is too long loses its end when it is a text, and says so", async () => {
    const { call, close } = await server.connect();
    const text = await call<string>("recite", { length: 301, as: "text" });
    expect(text).toMatch(
      /^x+\n\[… 301 characters are more than the 300 that are given;.*Ask for less at once …\]$/,
    );
    expect(text).toHaveLength(300);
    await close();
  });

  test("that is too long is refused when it is an object", async () => {
    const { refused, close } = await server.connect();
    expect(await refused("recite", { length: 290, as: "object" })).toBe(
      "The result of recite has 301 characters, and at most 300 are given. Ask for less at once.",
    );
    await close();
  });
});

describe("the output schema", () => {
  test("lets through what it names, and nothing else", async () => {
    const { call, close } = await server.connect();
    expect(await call("promise", { kept: true })).toEqual({ text: "kept" });
    await close();
  });

  test("that a result does not fit makes the call an error of the server, and nothing of the result leaks", async () => {
    const { client, close } = await server.connect();
    server.log.length = 0;
    const answer = await client.callTool({ name: "promise", arguments: { kept: false } });
    expect(answer).toMatchObject({ isError: true });
    expect(answer._meta?.["afu9/retryable"]).toBeUndefined();
    expect(textOf(answer)).toMatch(/its result is not what it promises.* calling it again does no harm\.$/);
    expect(JSON.stringify(answer)).not.toContain("hunter2");
    const log = server.log.join("");
    expect(log).toContain("- text: Invalid input: expected string");
    expect(log).toContain('"outcome":"broken"');
    expect(log).not.toContain("hunter2");
    await close();
  });
});

describe("progress", () => {
  test("reaches the caller that asks for it, in order, before the result", async () => {
    const { client, close } = await server.connect();
    const steps: unknown[] = [];
    const result = await client.callTool({ name: "count" }, { onprogress: (step) => steps.push(step) });
    expect(steps).toEqual([
      { progress: 1, message: "one" },
      { progress: 2, message: "two", total: 3 },
      { progress: 2.5, message: "nearly" },
    ]);
    expect(textOf(result)).toBe("three");
    await close();
  });

  test("is not sent to the one that does not", async () => {
    const answer = await server.ask({ method: "tools/call", params: { name: "count" } });
    expect(answer).toContain("three");
    expect(answer).not.toContain("notifications/progress");
    const params = { name: "count", _meta: { progressToken: 7 } };
    expect(await server.ask({ method: "tools/call", params })).toContain('"progressToken":7');
  });
});
