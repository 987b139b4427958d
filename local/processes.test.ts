import { existsSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { type ProcessName, processes, processSpec } from "./processes.ts";

const names = Object.keys(processes) as ProcessName[];
const everything = Object.fromEntries(
  [...names.flatMap((name) => processes[name].variables), "PATH", "NPM_TOKEN"].map((key) => [
    key,
    `the ${key}`,
  ]),
);

function holders(variable: string): string[] {
  return names.filter((name) => processSpec(name, everything).env[variable]);
}

test.each(names)("the file of the process %s exists", (name) => {
  expect(existsSync(processSpec(name, {}).file)).toBe(true);
});

test("only the worker is given the model's keys", () => {
  expect(holders("ANTHROPIC_API_KEY")).toEqual(["worker"]);
  expect(holders("OPENAI_API_KEY")).toEqual(["worker"]);
});

test("the workspace is given neither the App's key nor the database", () => {
  const { env } = processSpec("mcp-workspace", everything);
  expect(Object.keys(env).filter((key) => /KEY|APP_ID|DATABASE|REDIS|WEBHOOK/.test(key))).toEqual([]);
});

test("of the MCP servers, two have the database: GitHub's for the budget that all share, and that which deploys for its lock", () => {
  expect(holders("DATABASE_URL")).toEqual(["setup", "app", "worker", "mcp-github", "mcp-deploy"]);
});

test("only the worker is given the headers of third parties' MCP servers", () => {
  const env = { AFU9_MCP_HEADER_WIKI: "Bearer w" };
  expect(names.filter((name) => processSpec(name, env).env.AFU9_MCP_HEADER_WIKI)).toEqual(["worker"]);
});

test("only the app is given the webhook secret, and that of calls from GitHub Actions", () => {
  expect(holders("WEBHOOK_SECRET")).toEqual(["app"]);
  expect(holders("AFU9_ACTIONS_SECRET")).toEqual(["app"]);
});

test("only the servers that speak to AWS are given its keys, and the set-up, which may keep the App's in a secret there", () => {
  for (const variable of ["AWS_SECRET_ACCESS_KEY", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"]) {
    expect(holders(variable)).toEqual(["setup", "mcp-deploy", "mcp-observability"]);
  }
});

test("of the servers that speak to AWS none has the App's key, and only the one that locks has the database", () => {
  for (const name of ["mcp-deploy", "mcp-observability"] as const) {
    const { env } = processSpec(name, everything);
    const held = Object.keys(env).filter((key) =>
      /PRIVATE_KEY|APP_ID|DATABASE|REDIS|WEBHOOK|API_KEY/.test(key),
    );
    expect(held).toEqual(name === "mcp-deploy" ? ["DATABASE_URL"] : []);
  }
});

test("what no entry names reaches no process", () => {
  expect(holders("NPM_TOKEN")).toEqual([]);
  expect(holders("PATH")).toEqual(names);
});

test("an empty variable is not passed on", () => {
  expect(processSpec("app", { REDIS_URL: "", PATH: "/bin" }).env).toEqual({ PATH: "/bin" });
});
