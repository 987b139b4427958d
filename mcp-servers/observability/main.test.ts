import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type LocalAws, startAws } from "../../local/aws/start-aws.ts";
import { processSpec } from "../../local/processes.ts";
import { type SupervisedProcess, startProcess } from "../../local/supervised-process.ts";
import { signCapability } from "../../shared/capability.ts";
import { createLogger } from "../../shared/logger.ts";
import { connectMcp } from "../../test/connect-mcp.ts";
import { shop } from "../../test/deploy-targets.ts";

const secret = "a secret for tests only";
const capability = {
  execution: "1",
  repository: { owner: "octo", repo: "shop" },
  installation: 1,
  tools: ["observability.searchLogs"],
};
const search = { logGroup: "/ecs/shop", startTime: "-15m", endTime: "now" };

let aws: LocalAws;
let lines: string[];
const running: SupervisedProcess[] = [];
beforeEach(async () => {
  aws = await startAws({ port: 0, log: createLogger("test", "silent") });
  aws.controls.logs.write({ logGroup: "/ecs/shop", lines: ["up"] });
  lines = [];
});
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop(5_000);
  await aws.close();
});

function start(env: Record<string, string | undefined>): SupervisedProcess {
  const base = { PATH: process.env.PATH, PORT: "0", AFU9_MCP_SECRET: secret, ...env };
  const server = startProcess(processSpec("mcp-observability", base), (line) => {
    lines.push(line);
  });
  running.push(server);
  return server;
}

async function connect(env: Record<string, string | undefined>) {
  const url = (await start(env).ready) ?? "";
  return connectMcp(url, await signCapability(capability, secret, 60));
}

test("the process reads from the AWS that its variables name", async () => {
  const caller = await connect({ ...aws.env, AFU9_DEPLOY_TARGETS: JSON.stringify([shop]) });
  expect(await caller.call("searchLogs", search)).toMatchObject({ lines: [{ text: "up" }] });
  await caller.close();
});

test("without targets the process starts, says so, and each call says how a target is added", async () => {
  const caller = await connect({});
  expect(lines.join("")).toContain("no targets in AFU9_DEPLOY_TARGETS");
  expect(await caller.refused("searchLogs", search)).toContain("An operator adds one to AFU9_DEPLOY_TARGETS");
  await caller.close();
});

test.each([
  ["no region", [shop], "AWS_REGION is missing"],
  [
    "a target that is none",
    [{ repository: "shop" }],
    "AFU9_DEPLOY_TARGETS.0.repository: expected OWNER/NAME",
  ],
])("a process with %s does not start, and says why", async (_, targets, words) => {
  const server = start({ AFU9_DEPLOY_TARGETS: JSON.stringify(targets) });
  await expect(server.ready).rejects.toThrow(words);
});
