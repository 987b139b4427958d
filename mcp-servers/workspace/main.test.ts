import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, expect, test } from "@jest/globals";
import { servers } from "../servers.ts";

const directory = mkdtempSync(join(tmpdir(), "afu9-main-test-"));
afterAll(() => rmSync(directory, { recursive: true }));

const settings = {
  PORT: "0",
  AFU9_MCP_SECRET: "a secret for tests only",
  AFU9_WORKSPACE_DIR: join(directory, "workspaces"),
};

function startProcess(env: Record<string, string>, server = "workspace") {
  const main = join(import.meta.dirname, "../main.ts");
  const child = spawn(process.execPath, [main, server], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, "close").then(([code]) => ({ code, stderr }));
  return { child, ended };
}

test("the process says where it listens, answers, and ends on a signal", async () => {
  const { child, ended } = startProcess({ ...settings, AFU9_SANDBOX: "none" });
  let url = "";
  for await (const line of createInterface(child.stderr)) {
    const entry = JSON.parse(line);
    if (entry.message !== "listening") continue;
    url = entry.url;
    break;
  }
  expect(await (await fetch(new URL("/health", url))).json()).toEqual({ status: "ok", server: "workspace" });
  child.kill("SIGTERM");
  expect(await ended).toMatchObject({ code: 0 });
});

test("without bubblewrap the process does not start, and names both remedies", async () => {
  const { code, stderr } = await startProcess({ ...settings, PATH: directory }).ended;
  expect(code).toBe(1);
  expect(stderr).toContain("bwrap is not installed");
  expect(stderr).toContain("apt-get install bubblewrap");
  expect(stderr).toContain("AFU9_SANDBOX=none");
});

test("a secret that is missing or short is named, and not shown", async () => {
  expect((await startProcess({ PORT: "0" }).ended).stderr).toContain("AFU9_MCP_SECRET");
  const { code, stderr } = await startProcess({ ...settings, AFU9_MCP_SECRET: "short-one" }).ended;
  expect(code).toBe(1);
  expect(stderr).toContain("AFU9_MCP_SECRET: must have at least 16 characters");
  expect(stderr).not.toContain("short-one");
});

test("a server that is none is refused with those that there are", async () => {
  const { code, stderr } = await startProcess(settings, "nothing").ended;
  expect(code).toBe(1);
  for (const name of Object.keys(servers)) expect(stderr).toContain(name);
});
