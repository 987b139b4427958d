import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createLogger } from "../../../shared/logger.ts";
import { type LocalAws, startAws } from "../start-aws.ts";
import { localKey } from "../world.ts";

let aws: LocalAws;
let client: CloudWatchLogsClient;
beforeEach(async () => {
  aws = await startAws({ port: 0, log: createLogger("test", "silent") });
  client = new CloudWatchLogsClient({
    endpoint: aws.url,
    region: "eu-central-1",
    credentials: localKey,
    maxAttempts: 1,
  });
});
afterEach(() => aws.close());

const logGroup = "/ecs/shop";
const lines = (count: number, message = "line") =>
  Array.from({ length: count }, (_, index) => ({ message: `${message} ${index}`, at: 1_000 + index }));
const filter = (input: Partial<FilterLogEventsCommandInput> = {}) =>
  client.send(new FilterLogEventsCommand({ logGroupName: logGroup, ...input }));
const messages = async (input: Partial<FilterLogEventsCommandInput> = {}) =>
  (await filter(input)).events?.map(({ message }) => message);

describe("FilterLogEvents", () => {
  test("gives the events of a time range in order, with their stream", async () => {
    aws.controls.logs.write({ logGroup, stream: "b", lines: [{ message: "second", at: 2_000 }] });
    aws.controls.logs.write({ logGroup, stream: "a", lines: [{ message: "first", at: 1_000 }] });
    aws.controls.logs.write({ logGroup, lines: [{ message: "too late", at: 2_001 }] });
    const { events, nextToken } = await filter({ startTime: 1_000, endTime: 2_000 });
    expect(events).toMatchObject([
      { message: "first", logStreamName: "a", timestamp: 1_000 },
      { message: "second", logStreamName: "b", timestamp: 2_000 },
    ]);
    expect(new Set(events?.map(({ eventId }) => eventId)).size).toBe(2);
    expect(nextToken).toBeUndefined();
  });

  test.each([
    ["ERROR", ["ERROR disk full", "a disk ERROR"]],
    ["ERROR disk", ["ERROR disk full", "a disk ERROR"]],
    ['"ERROR disk"', ["ERROR disk full"]],
    ["ERROR -full", ["a disk ERROR"]],
    ["?WARN ?full", ["ERROR disk full", "WARN slow"]],
    ['{ $.level = "error" }', ['{"level":"error","status":500}']],
    ["{ $.status >= 500 && $.level != info }", ['{"level":"error","status":500}']],
  ])("by the pattern %s", async (filterPattern, expected) => {
    const all = [
      "ERROR disk full",
      "a disk ERROR",
      "WARN slow",
      '{"level":"error","status":500}',
      '{"level":"info"}',
    ];
    aws.controls.logs.write({ logGroup, lines: all });
    expect(await messages({ filterPattern })).toEqual(expected);
  });

  test("goes on page by page to the end", async () => {
    aws.controls.logs.write({ logGroup, lines: lines(5) });
    const first = await filter({ limit: 2 });
    const second = await filter({ limit: 2, nextToken: first.nextToken });
    const third = await filter({ limit: 2, nextToken: second.nextToken });
    const all = [first, second, third].flatMap(({ events = [] }) => events.map(({ message }) => message));
    expect(all).toEqual(lines(5).map(({ message }) => message));
    expect(third.nextToken).toBeUndefined();
  });

  test("gives an empty page and a token when it has looked at much and found nothing", async () => {
    aws.controls.logs.write({ logGroup, lines: [...lines(10_001), { message: "ERROR", at: 90_000 }] });
    const first = await filter({ filterPattern: "ERROR" });
    expect(first.events).toEqual([]);
    expect(await messages({ filterPattern: "ERROR", nextToken: first.nextToken })).toEqual(["ERROR"]);
  });

  test("gives at most a megabyte in a page", async () => {
    const large = "x".repeat(200_000);
    aws.controls.logs.write({ logGroup, lines: Array.from({ length: 8 }, () => large) });
    const { events, nextToken } = await filter();
    expect(events).toHaveLength(5);
    expect(await messages({ nextToken })).toHaveLength(3);
  });

  test.each([
    ["a group that there is not", { logGroupName: "/ecs/none" }, "ResourceNotFoundException"],
    ["a pattern that is none", { filterPattern: "a;b" }, "InvalidParameterException"],
    ["a limit over 10,000", { limit: 10_001 }, "InvalidParameterException"],
    ["an end before its start", { startTime: 2, endTime: 1 }, "InvalidParameterException"],
    ["a token of its own making", { nextToken: "abc" }, "InvalidParameterException"],
  ])("refuses %s", async (_, input, name) => {
    aws.controls.logs.write({ logGroup, lines: ["x"] });
    await expect(filter(input)).rejects.toMatchObject({ name, $metadata: { httpStatusCode: 400 } });
  });

  test("refuses a token of another question", async () => {
    aws.controls.logs.write({ logGroup, lines: lines(3) });
    const { nextToken } = await filter({ limit: 1 });
    await expect(filter({ limit: 1, startTime: 1_001, nextToken })).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
  });
});

test("DescribeLogGroups gives the groups of a prefix, page by page", async () => {
  for (const name of ["/ecs/b", "/ecs/a", "/rds/a"])
    aws.controls.logs.write({ logGroup: name, lines: ["x"] });
  const page = (nextToken?: string) =>
    client.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: "/ecs", limit: 1, nextToken }));
  const first = await page();
  const second = await page(first.nextToken);
  expect([first, second].map(({ logGroups }) => logGroups?.[0]?.logGroupName)).toEqual(["/ecs/a", "/ecs/b"]);
  expect(second.nextToken).toBeUndefined();
});
