// What a caller hears when AWS does not answer: what to do, and nothing of the account.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { CallToolResult } from "@modelcontextprotocol/client";
import { textOf } from "../../test/connect-mcp.ts";
import { type ObservabilityServer, openObservabilityServer } from "../../test/open-observability-server.ts";

let server: ObservabilityServer;
beforeEach(async () => {
  server = await openObservabilityServer();
});
afterEach(() => server.close());

const times = { startTime: "-15m", endTime: "now" };
const calls = {
  searchLogs: ["logs", "FilterLogEvents", { logGroup: "/ecs/shop", ...times }],
  streamLogs: ["logs", "FilterLogEvents", { logGroup: "/ecs/shop", startTime: "-15m" }],
  getAlarmStatus: ["monitoring", "DescribeAlarms", {}],
  getMetricStatistics: [
    "monitoring",
    "GetMetricStatistics",
    { namespace: "Shop", metric: "Orders", dimensions: {}, ...times },
  ],
} as const;

async function failing(name: keyof typeof calls, fault: { code: string; message?: string; status?: number }) {
  const [service, operation, args] = calls[name];
  server.aws.world.fail({ service, operation, ...fault });
  const result = (await server.client.callTool({ name, arguments: args })) as CallToolResult;
  expect(result.isError).toBe(true);
  return { text: textOf(result), isRetryable: result._meta?.["afu9/retryable"] === true };
}

const names = Object.keys(calls) as (keyof typeof calls)[];

const passing = [
  ["ThrottlingException", 400, "AWS asks to wait (ThrottlingException). The same call may work in a minute."],
  ["ServiceUnavailableException", 503, "AWS has a fault of its own (ServiceUnavailableException)."],
  ["InternalFailure", 500, "AWS has a fault of its own (InternalFailure)."],
] as const;

test.each(names.flatMap((name) => passing.map(([code, status, words]) => ({ name, code, status, words }))))(
  "$name: $code may pass",
  async ({ name, code, status, words }) => {
    const { text, isRetryable } = await failing(name, { code, status });
    expect(text).toBe(`${name} could not be done: ${words}`);
    expect(isRetryable).toBe(true);
  },
);

test.each(names)("%s: a right that is missing is named, and neither role nor account", async (name) => {
  const action = { searchLogs: "logs:FilterLogEvents" }[String(name)] ?? "cloudwatch:Something";
  const message =
    `User: arn:aws:sts::123456789012:assumed-role/afu9-observability/abc is not authorized to perform: ${action} ` +
    "on resource: arn:aws:logs:eu-central-1:123456789012:log-group:/ecs/shop because no identity-based policy allows it";
  const { text, isRetryable } = await failing(name, { code: "AccessDeniedException", message });
  expect(text).toBe(
    `${name} could not be done: AWS does not allow the observability server ${action}. An operator must change that; docs/observability.md lists the rights it needs.`,
  );
  expect(isRetryable).toBe(false);
});

test.each([
  ["ExpiredTokenException", "The security token included in the request is expired"],
  ["UnrecognizedClientException", "The security token included in the request is invalid."],
])("credentials that are not valid (%s) are the operator's to mend", async (code, message) => {
  const { text } = await failing("searchLogs", { code, message });
  expect(text).toContain(`AWS does not accept the observability server's credentials (${code})`);
});

test("what AWS does not like about the arguments is told in its words", async () => {
  const { text, isRetryable } = await failing("searchLogs", {
    code: "InvalidParameterException",
    message: "Something about the pattern",
  });
  expect(text).toContain("AWS answered InvalidParameterException, Something about the pattern");
  expect(isRetryable).toBe(false);
});

test("an AWS that is not there may be there later", async () => {
  const { CloudWatchLogsClient } = await import("@aws-sdk/client-cloudwatch-logs");
  const credentials = { accessKeyId: "AKIASECRETKEYID", secretAccessKey: "a secret key" };
  const nowhere = { endpoint: "http://127.0.0.1:1", region: "eu-central-1", credentials, maxAttempts: 1 };
  const lonely = await openObservabilityServer({ logs: new CloudWatchLogsClient(nowhere) });
  const result = await lonely.client.callTool({ name: "searchLogs", arguments: calls.searchLogs[2] });
  expect(textOf(result as CallToolResult)).toContain("AWS did not answer (");
  expect(result._meta?.["afu9/retryable"]).toBe(true);
  expect(JSON.stringify(result) + lonely.log.join("")).not.toMatch(/AKIASECRETKEYID|a secret key/);
  await lonely.close();
});
