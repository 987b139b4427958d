import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect } from "@jest/globals";

export type Ended = { code: number; stdout: string; stderr: string };
export type Running = { child: ChildProcess; ended: Promise<Ended> };

/** Starts the command line as people do, on a database. It sees no other setting of this machine. */
export function startAfu9(databaseUrl: string, ...args: string[]): Running {
  return startWith({ DATABASE_URL: databaseUrl, REDIS_URL: "" }, args);
}

/** The same with these settings. */
export function runAfu9With(settings: NodeJS.ProcessEnv, ...args: string[]): Promise<Ended> {
  return startWith(settings, args).ended;
}

function startWith(settings: NodeJS.ProcessEnv, args: string[]): Running {
  const env = { PATH: process.env.PATH, USER: "kim", ...settings };
  const file = join(import.meta.dirname, "../cli/main.ts");
  const child = spawn(process.execPath, [file, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]).then(
    ([stdout, stderr, [code]]) => ({ code: Number(code), stdout, stderr }),
  );
  return { child, ended };
}

export function runAfu9(databaseUrl: string, ...args: string[]): Promise<Ended> {
  return startAfu9(databaseUrl, ...args).ended;
}

/** The one JSON document that a command printed, and nothing else. */
export function json({ stdout, stderr }: Ended) {
  expect(stderr).toBe("");
  return JSON.parse(stdout);
}
