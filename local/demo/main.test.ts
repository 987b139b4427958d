// The demo as people start it, as far as it refuses to begin.
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { Outcome } from "./outcome.ts";

let folder: string;
let temporary: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "afu9-main-"));
  temporary = await mkdtemp(join(tmpdir(), "afu9-main-tmp-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  await rm(temporary, { recursive: true });
});

type Ended = { code: number; stdout: string; stderr: string };

function demo(...argv: string[]): Promise<Ended> {
  const env = { PATH: process.env.PATH, TMPDIR: temporary };
  const file = join(import.meta.dirname, "main.ts");
  return new Promise((resolve) => {
    execFile(process.execPath, [file, ...argv], { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}

test("--help prints the options", async () => {
  const { code, stdout } = await demo("--help");
  expect(code).toBe(0);
  expect(stdout).toContain("--repo PATH");
});

test.each([
  ["an unknown option", ["--speed", "9"], "Unknown option '--speed'"],
  [
    "a repository that is not there",
    ["--repo", "/nowhere", "--issue", "FILE", "--model", "openai"],
    "There is no folder at /nowhere.",
  ],
  [
    "a folder that is no repository",
    ["--repo", "FOLDER", "--issue", "FILE", "--model", "openai"],
    "is not a git repository",
  ],
  ["a script that is not there", ["--model", "script:/nowhere.json"], "There is no script at /nowhere.json."],
  ["a script that is no JSON", ["--model", "script:FILE"], "is not valid JSON at line 1, column 1"],
  ["a live model without its key", ["--model", "anthropic"], "ANTHROPIC_API_KEY"],
])("%s ends the demo with one clear error, and nothing is left behind", async (_what, argv, message) => {
  const file = join(folder, "issue.md");
  await writeFile(file, "Title\n");
  const { code, stdout, stderr } = await demo(
    ...argv.map((arg) => arg.replace("FILE", file).replace("FOLDER", folder)),
  );
  expect(code).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toContain(message);
  expect(stderr).not.toContain("    at ");
  expect(await readdir(temporary)).toEqual([]);
});

test("with --json an error is an object on standard output as well", async () => {
  const { code, stdout, stderr } = await demo("--json", "--model", "script:/nowhere.json");
  const outcome: Outcome = JSON.parse(stdout);
  expect(code).toBe(1);
  expect(outcome).toMatchObject({
    error: "There is no script at /nowhere.json.",
    pullRequest: null,
    steps: [],
  });
  expect(stderr).toBe("There is no script at /nowhere.json.\n");
});
