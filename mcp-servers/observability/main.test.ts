import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "@jest/globals";
import { startAws } from "../../local/aws/start-aws.ts";
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

function startProcess(env: Record<string, string>) {
  const main = join(import.meta.dirname, "../main.ts");
  const child = spawn(process.execPath, [main, "observability"], {
    env: { PATH: process.env.PATH, PORT: "0", AFU9_MCP_SECRET: secret, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  const lines = createInterface(child.stderr);
  const log: string[] = [];
  const listening = new Promise<string>((resolve) => {
    lines.on("line", (line) => {
      log.push(line);
      if (line.includes('"message":"listening"')) resolve(JSON.parse(line).url);
    });
  });
  return { child, listening, log, ended: once(child, "close").then(([code]) => code) };
}

test("the process reads from the AWS that its variables name, and ends on a signal", async () => {
  const aws = await startAws({ port: 0, log: createLogger("test", "silent") });
  aws.controls.logs.write({ logGroup: "/ecs/shop", lines: ["up"] });
  const { child, listening, ended } = startProcess({
    ...aws.env,
    AFU9_DEPLOY_TARGETS: JSON.stringify([shop]),
  });
  const caller = await connectMcp(await listening, await signCapability(capability, secret, 60));
  expect(
    await caller.call("searchLogs", { logGroup: "/ecs/shop", startTime: "-15m", endTime: "now" }),
  ).toMatchObject({ lines: [{ text: "up" }] });
  await caller.close();
  child.kill("SIGTERM");
  expect(await ended).toBe(0);
  await aws.close();
});

test("without targets the process starts, says so, and each call says how a target is added", async () => {
  const { child, listening, log, ended } = startProcess({});
  const caller = await connectMcp(await listening, await signCapability(capability, secret, 60));
  expect(log.join("")).toContain("no targets in AFU9_DEPLOY_TARGETS");
  const args = { logGroup: "/ecs/shop", startTime: "-15m", endTime: "now" };
  expect(await caller.refused("searchLogs", args)).toContain("An operator adds one to AFU9_DEPLOY_TARGETS");
  await caller.close();
  child.kill("SIGTERM");
  await ended;
});

test.each([
  [{ AFU9_DEPLOY_TARGETS: JSON.stringify([shop]) }, "AWS_REGION is missing"],
  [
    { AFU9_DEPLOY_TARGETS: '[{ "repository": "shop" }]' },
    "AFU9_DEPLOY_TARGETS.0.repository: expected OWNER/NAME",
  ],
])("settings that can't be are named at the start: %j", async (env, words) => {
  const { log, ended } = startProcess(env);
  expect(await ended).toBe(1);
  expect(log.join("\n")).toContain(words);
});
