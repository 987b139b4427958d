import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "@jest/globals";

const main = join(import.meta.dirname, "main.ts");

async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error("Expected the process to have an output.");
  const [line] = await once(createInterface(child.stdout), "line");
  return line;
}

test.each(["SIGTERM", "SIGINT"] as const)(
  "the process says where it listens in one line and ends on %s",
  async (signal) => {
    const folder = await mkdtemp(join(tmpdir(), "local-github-main-"));
    const child = spawn(process.execPath, [main, "--data", folder], { stdio: ["ignore", "pipe", "pipe"] });
    const { url } = JSON.parse(await firstLine(child));
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect((await fetch(`${url}/api/v3/rate_limit`)).status).toBe(200);
    child.kill(signal);
    expect(await once(child, "exit")).toEqual([0, null]);
    await rm(folder, { recursive: true });
  },
);
