import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { createLogger } from "../../shared/logger.ts";
import { connectAws } from "./client.ts";
import { type LocalAws, startAws } from "./start-aws.ts";
import { localKey } from "./world.ts";

let aws: LocalAws;
beforeEach(async () => {
  aws = await startAws({ port: 0, log: createLogger("test", "silent") });
});
afterEach(() => aws.close());

function identity(credentials = localKey) {
  const client = new STSClient({ endpoint: aws.url, region: "eu-central-1", credentials, maxAttempts: 1 });
  return client.send(new GetCallerIdentityCommand({}));
}

test("a client that signs with the local key is told who it is", async () => {
  expect(await identity()).toMatchObject({
    Account: "123456789012",
    Arn: expect.stringContaining("afu9-local"),
    UserId: "AROALOCAL:session",
  });
});

test("an unknown key and a wrong secret are told apart", async () => {
  const unknown = { ...localKey, accessKeyId: "AKIANOBODY" };
  await expect(identity(unknown)).rejects.toMatchObject({ name: "InvalidClientTokenId" });
  const wrong = { ...localKey, secretAccessKey: "another" };
  await expect(identity(wrong)).rejects.toMatchObject({ name: "SignatureDoesNotMatch" });
  expect(aws.controls.world.takeRequests().map(({ fault }) => fault)).toEqual([
    "InvalidClientTokenId",
    "SignatureDoesNotMatch",
  ]);
});

test("what is not signed is refused in the shape of its protocol", async () => {
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": "Some.Operation" };
  const unsigned = await fetch(aws.url, { method: "POST", headers, body: "{}" });
  expect([unsigned.status, await unsigned.json()]).toEqual([
    403,
    { __type: "MissingAuthenticationToken", message: "Missing Authentication Token" },
  ]);
  const authorization = "AWS4-HMAC-SHA256 Credential=nothing";
  const half = await fetch(aws.url, { method: "POST", headers: { ...headers, authorization }, body: "{}" });
  expect(await half.json()).toMatchObject({ __type: "IncompleteSignature" });
  const form = await fetch(aws.url, { method: "POST", body: new URLSearchParams({ Action: "X" }) });
  expect(await form.text()).toContain("<Code>MissingAuthenticationToken</Code>");
});

test("the next requests fail as they are told to, also from another process", async () => {
  await connectAws(aws.url).world.fail({
    service: "sts",
    operation: "GetCallerIdentity",
    code: "Throttling",
    message: "Rate exceeded",
  });
  await expect(identity()).rejects.toMatchObject({ name: "Throttling", message: "Rate exceeded" });
  expect(await identity()).toMatchObject({ Account: "123456789012" });
});

test("a control that is none is refused", async () => {
  const response = await fetch(`${aws.url}/_local/world/toString`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  expect(response.status).toBe(404);
});
