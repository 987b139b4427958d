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

test("only the app is given the webhook secret", () => {
  expect(holders("WEBHOOK_SECRET")).toEqual(["app"]);
});

test("only the servers that speak to AWS are given its rights", () => {
  const speakers = ["mcp-deploy", "mcp-observability"];
  expect(holders("AWS_SECRET_ACCESS_KEY")).toEqual(speakers);
  expect(holders("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")).toEqual(speakers);
});

test("what no entry names reaches no process", () => {
  expect(holders("NPM_TOKEN")).toEqual([]);
  expect(holders("PATH")).toEqual(names);
});

test("an empty variable is not passed on", () => {
  expect(processSpec("app", { REDIS_URL: "", PATH: "/bin" }).env).toEqual({ PATH: "/bin" });
});
