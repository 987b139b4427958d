import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, expect, test } from "@jest/globals";
import { requireSandbox } from "../../test/requires.ts";
import { limitProcesses } from "./limit-processes.ts";

const inBubblewrap = await requireSandbox();
const directory = mkdtempSync(join(tmpdir(), "afu9-limit-test-"));
afterAll(() => rmSync(directory, { recursive: true }));

/** Limits itself as the server does when it starts, then runs a command and prints what came of it. */
const server = `
  const { limitProcesses } = await import("${import.meta.dirname}/limit-processes.ts");
  const { createSandbox } = await import("${import.meta.dirname}/sandbox.ts");
  const isLimited = await limitProcesses();
  const isHeld = isLimited || process.getuid() !== 0;
  const [checkout, home, gitDirectory] = ["c", "h", "g"].map((name) => "${directory}/" + name);
  const bomb = isHeld ? ":(){ :|:& };:; sleep 40" : "for i in {1..1500}; do sleep 40 & done; wait";
  const result = await createSandbox({ kind: "bwrap", toolchains: [] }).run({
    ...{ command: bomb, checkout, home, gitDirectory, network: false },
    ...{ timeoutMs: 40_000, signal: new AbortController().signal, cap: { head: 100, tail: 100 } },
  });
  process.stdout.write(JSON.stringify(result));`;

inBubblewrap("a fork bomb that is faster than one can look ends, and the server lives", async () => {
  for (const name of ["c", "h", "g"]) mkdirSync(join(directory, name));
  const child = spawn(process.execPath, ["--input-type=module", "-e", server], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [printed] = await Promise.all([text(child.stdout), once(child, "exit")]);

  expect(child.exitCode).toBe(0);
  const { stopped } = JSON.parse(printed);
  const [, seen] = stopped.match(/it had (\d+) processes at once, of at most 1000/) ?? [];
  expect(Number(seen)).toBeLessThan(9_000);
});

test("where no groups can be made there is no limit, and the answer says so", async () => {
  mkdirSync(join(directory, "no-groups"));
  expect(await limitProcesses([join(directory, "missing"), join(directory, "no-groups")])).toBe(false);
});
