import { afterEach, expect, test } from "@jest/globals";
import { type LocalAws, startAws } from "../../local/aws/start-aws.ts";
import { processSpec } from "../../local/processes.ts";
import { type SupervisedProcess, startProcess } from "../../local/supervised-process.ts";
import { signCapability } from "../../shared/capability.ts";
import { createLogger } from "../../shared/logger.ts";
import { connectMcp } from "../../test/connect-mcp.ts";
import { begun, targetsText, web } from "../../test/open-deploy-server.ts";

const secret = "a secret for tests only";
const base = {
  PATH: process.env.PATH,
  PORT: "0",
  AFU9_MCP_SECRET: secret,
  AWS_EC2_METADATA_DISABLED: "true",
};

const running: SupervisedProcess[] = [];
let aws: LocalAws | undefined;
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop(5_000);
  await aws?.close();
  aws = undefined;
});

async function startServer(env: Record<string, string | undefined>): Promise<string> {
  const server = startProcess(processSpec("mcp-deploy", { ...base, ...env }), () => {});
  running.push(server);
  return (await server.ready) ?? "";
}

async function statusAt(url: string) {
  const capability = {
    execution: "execution-1",
    repository: { owner: "acme", repo: "sample" },
    installation: 1,
    tools: ["deploy.getServiceStatus"],
  };
  const caller = await connectMcp(url, await signCapability(capability, secret, 60));
  const answer = await caller.client.callTool({ name: "getServiceStatus", arguments: web });
  await caller.close();
  return JSON.stringify(answer.content);
}

test("without targets the process starts, and says what to do with the first call", async () => {
  expect(await statusAt(await startServer({}))).toContain("An operator adds one to AFU9_DEPLOY_TARGETS");
});

test("the process finds AWS by AWS's own variables", async () => {
  aws = await startAws({ port: 0, log: createLogger("test", "silent") });
  aws.controls.ecs.addCluster({ name: "main" });
  aws.controls.ecs.addService({ ...web, taskDefinition: begun });
  const url = await startServer({ ...aws.env, AFU9_DEPLOY_TARGETS: targetsText });
  expect(await statusAt(url)).toContain("completed");
});

test("an AWS that is not there, and credentials that are not there, are told apart", async () => {
  const env = {
    AFU9_DEPLOY_TARGETS: targetsText,
    AWS_REGION: "eu-central-1",
    AWS_ENDPOINT_URL: "http://127.0.0.1:9",
  };
  const keys = { AWS_ACCESS_KEY_ID: "AKIANOBODY", AWS_SECRET_ACCESS_KEY: "secret" };
  expect(await statusAt(await startServer({ ...env, ...keys }))).toContain(
    "AWS did not answer (ECONNREFUSED)",
  );
  expect(await statusAt(await startServer(env))).toContain("the deploy server has no AWS credentials");
});

test("targets that are not right, or that have no region, keep it from starting", async () => {
  await expect(startServer({ AFU9_DEPLOY_TARGETS: "- repository: acme" })).rejects.toThrow(
    "AFU9_DEPLOY_TARGETS.0.repository: expected OWNER/NAME",
  );
  await expect(startServer({ AFU9_DEPLOY_TARGETS: targetsText })).rejects.toThrow("AWS_REGION is missing");
});
