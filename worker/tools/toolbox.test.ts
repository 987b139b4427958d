// Steps that call tools, on a real server, over a wire that can break.
import { afterAll, afterEach, beforeAll, expect, test } from "@jest/globals";
import { eventually } from "../../test/eventually.ts";
import { openWire, type Wire } from "../../test/mcp-wire.ts";
import { openToolboxes, registered } from "../../test/open-toolbox.ts";
import { startTestServer, type TestServer } from "../../test/start-test-server.ts";

let server: TestServer;
let wire: Wire;
let toolboxes: ReturnType<typeof openToolboxes>;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());
afterEach(async () => {
  await toolboxes.close();
  await wire.close();
});

async function open({
  retries = 2,
  ...options
}: {
  retries?: number;
  aloneMs?: number;
  maxAgeMs?: number;
  known?: string[];
} = {}) {
  wire = await openWire(server.url);
  const gone = await openWire(server.url);
  await gone.close();
  const away = registered("away", gone.url);
  const off = registered("off", gone.url, { enabled: false });
  toolboxes = openToolboxes([registered("test", wire.url, { retries }), away, off], options);
  return toolboxes;
}
const asked = (method: string) => wire.asked.filter((one) => one === method).length;
const greet = ["test.greet", { name: "you" }] as const;

test("all steps of a process share one connection, and each call carries its own step's capability", async () => {
  const { call } = await open();
  await Promise.all([call("test.plain"), call(...greet), call("test.plain")]);
  await call(...greet);
  expect(wire.asked.filter((method) => !method.startsWith("tools/"))).toEqual(["server/discover"]);
  const tokens = wire.headers
    .filter((_, index) => wire.asked[index] === "tools/call")
    .map(({ authorization }) => authorization?.split(".")[1] ?? "");
  const tools = tokens.map((payload) => JSON.parse(Buffer.from(payload, "base64url").toString()).tools);
  expect(tools.sort()).toEqual([["test.greet"], ["test.greet"], ["test.plain"], ["test.plain"]]);
});

test("what a server offers is asked for once, and again when it is older or the server was away", async () => {
  const { call } = await open();
  await call(...greet);
  await call(...greet);
  expect(asked("tools/list")).toBe(1);
  wire.breakNext("tools/call", "reset");
  await call(...greet);
  await call(...greet);
  expect(asked("tools/list")).toBe(2);
  await toolboxes.close();
  await wire.close();

  const forgetful = await open({ maxAgeMs: 0 });
  await forgetful.call(...greet);
  await forgetful.call(...greet);
  expect(asked("tools/list")).toBe(2);
});

test("a server that is away or switched off matters to the steps that use it, and to no others", async () => {
  const { box, call } = await open();
  expect(await call(...greet)).toMatchObject({ data: { text: "Hello you" } });
  await expect(call("away.look")).rejects.toThrow(
    /The MCP server `away` at \S+ can't be used now: connect ECON/,
  );
  await expect((await box("off.look")).specs()).rejects.toThrow("The MCP server `off` is switched off.");
  await expect((await box("none.look")).specs()).rejects.toThrow(
    "There is no MCP server `none`. These can be used: test, away.",
  );
  await expect((await box("test.nothing")).specs()).rejects.toThrow("There is no tool test.nothing.");
});

test.each([503, "reset", "cut"] as const)(
  "a call that only looks is made again after a fault: %s",
  async (fault) => {
    const { call, audited } = await open();
    wire.breakNext("tools/call", fault, fault);
    expect(await call(...greet)).toMatchObject({ data: { text: "Hello you" } });
    expect(asked("tools/call")).toBe(3);
    expect(audited).toMatchObject([{ tool: "greet", error: null }]);
  },
);

test("it is made again as often as its server's row says, and then the fault is the step's", async () => {
  const { call, audited } = await open({ retries: 1 });
  wire.breakNext("tools/call", 500, 502, 503);
  await expect(call(...greet)).rejects.toThrow(/`test` at \S+ can't be used now: HTTP 502/);
  expect(asked("tools/call")).toBe(2);
  expect(audited).toMatchObject([
    { tool: "greet", result: null, error: expect.stringContaining("HTTP 502") },
  ]);
});

test("a call that tells of its progress has its time from each step to the next", async () => {
  await open();
  await toolboxes.close();
  toolboxes = openToolboxes([registered("test", wire.url, { timeoutMs: 1_000 })]);
  const begun = server.nextWait();
  const enough = new AbortController();
  const answer = toolboxes.call("test.wait", {}, enough.signal);
  const { progress } = await begun;
  let steps = 0;
  const ticking = setInterval(() => {
    steps += 1;
    progress({ message: `step ${steps}` });
    if (steps === 15) enough.abort(new Error("enough"));
  }, 200);
  await expect(answer).rejects.toThrow("enough");
  clearInterval(ticking);
});

test("what will not work for a known time is not asked again before, and the step is told how long", async () => {
  const { call } = await open();
  expect(await call("test.fail", { how: "busy" })).toMatchObject({
    isError: true,
    mayPass: true,
    waitSeconds: 60,
  });
  expect(asked("tools/call")).toBe(1);
});

test("a call that changes something is never made again by itself", async () => {
  const { call } = await open();
  wire.breakNext("tools/call", "cut");
  await expect(call("test.plain")).rejects.toThrow("its answer broke off");
  expect(asked("tools/call")).toBe(1);
});

test("an answer that tells of a fault which may pass is asked for again; a refusal and a wrong argument are not", async () => {
  const { call } = await open({ retries: 1 });
  const fault = await call("test.fail", { how: "fault" });
  expect(fault).toMatchObject({
    isError: true,
    mayPass: true,
    text: expect.stringContaining("the disk is full"),
  });
  expect(asked("tools/call")).toBe(2);
  expect(await call("test.fail", { how: "refusal" })).toMatchObject({ isError: true, mayPass: false });
  expect(await call("test.fail", { how: "strange" })).toMatchObject({ isError: true, mayPass: false });
  expect(asked("tools/call")).toBe(4);
});

test("a server that keeps failing is left alone, says so at once, and is called again when it answers", async () => {
  const { call } = await open({ retries: 4, aloneMs: 300 });
  await call(...greet);
  wire.breakNext("tools/call", 503, 503, 503, 503, 503);
  await expect(call(...greet)).rejects.toThrow("HTTP 503");
  const before = wire.asked.length;
  await expect(call("test.plain")).rejects.toThrow(
    /The MCP server `test` at \S+ can't be used now: it did not answer 5 times in a row, so it is left alone/,
  );
  expect(wire.asked).toHaveLength(before);

  wire.breakNext("server/discover", 503);
  await eventually("the server to be called again", () => call("test.plain").catch(() => undefined));
  // One look that failed, one that did not, and then the calls.
  expect(wire.asked.slice(before, before + 2)).toEqual(["server/discover", "server/discover"]);
});

test("aborting a call ends it at the server", async () => {
  const { call, audited } = await open();
  const started = server.nextWait();
  const stop = new AbortController();
  const calling = call("test.wait", {}, stop.signal);
  const { signal } = await started;
  expect(signal.aborted).toBe(false);
  const ended = new Promise((resolve) => signal.addEventListener("abort", resolve));
  stop.abort(new Error("A person cancelled it."));
  await expect(calling).rejects.toThrow("A person cancelled it.");
  await ended;
  expect(audited).toMatchObject([{ tool: "wait", error: "A person cancelled it." }]);
});

test("a call that takes longer than its server may ends there, and is not made again", async () => {
  const { call } = await open();
  await call(...greet);
  const slow = openToolboxes([registered("test", wire.url, { retries: 2, timeoutMs: 100 })]);
  const started = server.nextWait();
  await expect(slow.call("test.wait")).rejects.toThrow("it took too long");
  const { signal } = await started;
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve));
  expect(asked("tools/call")).toBe(2);
  await slow.close();
});

test("a wrong secret is said to be one", async () => {
  wire = await openWire(server.url);
  wire.breakNext("server/discover", 401);
  toolboxes = openToolboxes([registered("test", wire.url)]);
  await expect(toolboxes.call(...greet)).rejects.toThrow(
    /refused the step's capability \(HTTP 401\); AFU9_MCP_SECRET/,
  );
});

test("what leaves for a server, and what is written down of it, holds no secret", async () => {
  const known = "q7Xv9ZtR2kLmW8pYc4JdN6sBf1HgT5uA";
  const { call, audited } = await open({ known: [known] });
  expect(await call("test.greet", { name: known.slice(0, 8) })).toMatchObject({
    data: { text: "Hello [removed]" },
  });
  expect(audited).toMatchObject([{ arguments: { name: "[removed]" } }]);
});

test("a step may look at its repository for itself; a model is not told of that, and can't do it", async () => {
  const { box } = await open();
  const steps = await box("test.greet");
  expect((await steps.specs()).map(({ name }) => name)).toEqual(["greet"]);
  expect(steps.fullName("getFile")).toBe("getFile");
  const ask = (tool: string) => steps.call({ tool, input: {}, signal: new AbortController().signal });
  await expect(ask("github.getFile")).rejects.toThrow("There is no MCP server `github`.");
  await expect(ask("github.addComment")).rejects.toThrow("is not one that this step may call");
  await expect(ask("test.plain")).rejects.toThrow("is not one that this step may call");
});
