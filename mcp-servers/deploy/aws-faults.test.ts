import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { localKey } from "../../local/aws/world.ts";
import { retryableKey } from "../../shared/mcp-meta.ts";
import { type DeployServer, openDeployServer, web } from "../../test/open-deploy-server.ts";

let server: DeployServer;
beforeEach(async () => {
  server = await openDeployServer();
});
afterEach(() => server.close());

async function failing(fault: { code: string; message?: string; status?: number }) {
  server.world.fail({ service: "ecs", operation: "DescribeServices", times: 9, ...fault });
  return status();
}

async function status() {
  const answer = await server.caller.client.callTool({ name: "getServiceStatus", arguments: web });
  expect(answer.isError).toBe(true);
  return { text: JSON.stringify(answer.content), mayPass: answer._meta?.[retryableKey] === true };
}

test.each([
  ["ThrottlingException", 400, "AWS asks to wait"],
  ["ServerException", 500, "AWS has a fault of its own"],
  ["ServiceUnavailable", 503, "AWS has a fault of its own"],
])("%s may pass, and the same call may work later", async (code, httpStatus, words) => {
  expect(await failing({ code, status: httpStatus })).toEqual({
    text: expect.stringContaining(words),
    mayPass: true,
  });
});

test("what AWS does not allow is named for the operator, and the role is not", async () => {
  const message =
    "User: arn:aws:sts::123456789012:assumed-role/deploy/session is not authorized to perform: ecs:DescribeServices on resource: x";
  const { text, mayPass } = await failing({ code: "AccessDeniedException", message });
  expect(text).toContain(
    "AWS does not allow the deploy server ecs:DescribeServices. An operator must change that",
  );
  expect(text).not.toContain("assumed-role");
  expect(mayPass).toBe(false);
});

test("credentials that AWS does not accept are the operator's", async () => {
  server.world.revokeKey({ accessKeyId: localKey.accessKeyId });
  const { text } = await status();
  expect(text).toContain("AWS does not accept the deploy server's credentials (UnrecognizedClientException)");
  expect(text).not.toMatch(new RegExp(`${localKey.accessKeyId}|${localKey.secretAccessKey}`));
});

test("what AWS refuses otherwise is said in its words", async () => {
  expect(await failing({ code: "InvalidParameterException", message: "That is not so." })).toEqual({
    text: expect.stringContaining("AWS answered InvalidParameterException, That is not so."),
    mayPass: false,
  });
});

test("an AWS that is not there may come back", async () => {
  await server.aws.close();
  const { text, mayPass } = await status();
  expect(text).toContain("Calling again is safe");
  expect(text).not.toContain("127.0.0.1");
  expect(mayPass).toBe(true);
});
