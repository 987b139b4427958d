import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { CallToolResult, Client, Progress } from "@modelcontextprotocol/client";
import { connectNewest } from "../../test/connect-mcp.ts";
import { eventually } from "../../test/eventually.ts";
import { type ObservabilityServer, openObservabilityServer } from "../../test/open-observability-server.ts";
import type { LogLine } from "./log-lines.ts";

type Answer = { lines: LogLine[]; note?: string };
const logGroup = "/ecs/shop";

let server: ObservabilityServer;
async function open(atMost: number): Promise<void> {
  server = await openObservabilityServer({ following: { every: 10, atMost } });
}
beforeEach(() => open(60_000));
afterEach(() => server.close());

const texts = ({ lines }: Answer) => lines.map(({ text }) => text);

/** Begins to follow. `said` are the notifications so far. */
function follow(args: Record<string, unknown> = {}, client = server.client) {
  const said: Progress[] = [];
  const stop = new AbortController();
  const call = client.callTool(
    { name: "streamLogs", arguments: { logGroup, startTime: "-15m", follow: true, ...args } },
    { onprogress: (step) => said.push(step), signal: stop.signal },
  );
  const answer = call.then((result) => (result as CallToolResult).structuredContent as Answer);
  const heard = (text: string) =>
    eventually(
      `a notification of ${text}`,
      async () => said.find(({ message }) => message?.includes(text)),
      20,
    );
  return { said, stop, call, answer, heard };
}

describe("without follow", () => {
  const read = (args: Record<string, unknown> = {}) =>
    server.call<Answer>("streamLogs", { logGroup, startTime: "-15m", ...args });

  test("it gives what is there since the time, and does not wait", async () => {
    server.aws.logs.write({ logGroup, lines: [{ message: "old", at: Date.now() - 16 * 60_000 }, "new"] });
    expect(await read()).toMatchObject({ lines: [{ text: "new" }] });
    expect(server.asked()).toEqual(["FilterLogEvents"]);
  });

  test("it says what it had no room for, and from when to go on", async () => {
    const first = Date.now() - 60_000;
    const lines = Array.from({ length: 201 }, (_, index) => ({
      message: `line ${index}`,
      at: first + index,
    }));
    server.aws.logs.write({ logGroup, lines });
    const { note, lines: taken } = await read();
    expect(taken).toHaveLength(200);
    const since = new Date(first + 200).toISOString();
    expect(note).toContain(`There was no room for the lines since ${since}`);
    expect(texts(await read({ startTime: since }))).toEqual(["line 200"]);
  });

  test("it refuses more than a day, and the logs of others", async () => {
    const refused = (args: object) => server.refused("streamLogs", { logGroup, startTime: "-15m", ...args });
    expect(await refused({ startTime: "-25h" })).toContain("One call reads at most 24 hours");
    expect(await refused({ startTime: "now" })).toContain("Expected a start before the end");
    expect(await refused({ logGroup: "/ecs/bank" })).toContain("may not read the log group /ecs/bank");
    expect(server.asked()).toEqual([]);
  });
});

describe("with follow", () => {
  test("new lines are told as they come, once each, also one that arrives late", async () => {
    await server.close();
    await open(3_000);
    server.aws.logs.write({ logGroup, lines: ["there before"] });
    const { heard, answer, said } = follow();
    await heard("there before");
    server.aws.logs.write({ logGroup, lines: ["second"] });
    await heard("second");
    const late = { message: "late", at: Date.now() - 5_000 };
    server.aws.logs.write({ logGroup, stream: "web/2", lines: [late] });
    await heard("late");
    expect(texts(await answer)).toEqual(["there before", "second", "late"]);
    expect(said.filter(({ message }) => message?.includes("second"))).toHaveLength(1);
  });

  test("it ends when its time is over, and its progress grew to the end", async () => {
    await server.close();
    await open(200);
    server.aws.logs.write({ logGroup, lines: ["only this"] });
    const { answer, said } = follow();
    expect(texts(await answer)).toEqual(["only this"]);
    const steps = said.map(({ progress }) => progress);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
    expect(said.at(-1)).toMatchObject({ progress: 0.2, total: 0.2, message: "no new lines" });
  });

  test("it ends early when there is no room for another line", async () => {
    const { heard, answer } = follow();
    server.aws.logs.write({ logGroup, lines: ["first"] });
    await heard("first");
    server.aws.logs.write({ logGroup, lines: Array.from({ length: 250 }, () => "flood") });
    const { lines, note } = await answer;
    expect(lines).toHaveLength(200);
    expect(note).toContain("There was no room for the lines since");
  });

  test("a notification of many lines is short, and says where all of them are", async () => {
    server.aws.logs.write({ logGroup, lines: Array.from({ length: 100 }, () => "x".repeat(100)) });
    const { heard, stop, answer } = follow();
    const { message = "" } = await heard("xxx");
    expect(message.length).toBeLessThan(2_100);
    expect(message).toContain("the answer has all of the 100 new lines");
    stop.abort();
    await answer.catch(() => {});
  });

  test.each([
    ["takes the call back", async (_: Client, stop: AbortController) => stop.abort()],
    ["goes away", (client: Client) => client.close()],
  ])("it ends at once when the caller %s: AWS is asked no more", async (_, leave) => {
    server.aws.logs.write({ logGroup, lines: ["first"] });
    const client = await connectNewest(server.url, await server.token());
    const { heard, stop, answer } = follow({}, client);
    await heard("first");
    await leave(client, stop);
    await expect(answer).rejects.toThrow();
    await eventually(
      "the call's end in the log",
      async () => server.log.find((line) => line.includes('"tool":"observability.streamLogs"')),
      5,
    );
    server.asked();
    await server.call("getAlarmStatus");
    expect(server.asked()).toEqual(["DescribeAlarms"]);
    await client.close();
  });

  const fail = (code: string, message?: string) =>
    server.aws.world.fail({ service: "logs", operation: "FilterLogEvents", code, message });

  test.each([
    ["ThrottlingException", "AWS asks to wait (ThrottlingException)."],
    ["AccessDeniedException", "AWS does not allow the observability server logs:FilterLogEvents."],
  ])("when AWS fails in the middle (%s), the lines until then come with a note", async (code, words) => {
    server.aws.logs.write({ logGroup, lines: ["first"] });
    const { heard, answer } = follow();
    await heard("first");
    fail(code, "not authorized to perform: logs:FilterLogEvents");
    const { lines, note } = await answer;
    expect(lines).toMatchObject([{ text: "first" }]);
    expect(note).toContain(`Reading ended early: ${words}`);
    expect(note).toContain(`call again with the startTime ${lines[0]?.time}.`);
  });

  test("when AWS fails before there was a line, the call fails", async () => {
    server.aws.logs.write({ logGroup, lines: [{ message: "too old", at: Date.now() - 16 * 60_000 }] });
    const { heard, call } = follow();
    await heard("no new lines");
    fail("ThrottlingException");
    expect(await call).toMatchObject({ isError: true, _meta: { "afu9/retryable": true } });
  });
});
