// Runs a repository's setup and verify commands on a clean checkout of one tree.
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { type Change, withIndex } from "./change-set.ts";
import { changedTexts } from "./changed-texts.ts";
import type { WorkspaceDeps } from "./deps.ts";
import { findWeakened } from "./find-weakened.ts";
import { git } from "./git.ts";
import { removeDirectory } from "./remove-directory.ts";
import { runCommands, whyNotPassed } from "./run-commands.ts";
import type { Place, Workspace } from "./workspace.ts";

export const CheckResult = z.object({
  passed: z.boolean(),
  tree: z.string().describe("The tree that was checked"),
  base: z.string().describe("The commit that the change begins from"),
  changed: z.number().describe("How many files the change has"),
  commands: z.array(
    z.object({
      phase: z.enum(["setup", "verify"]),
      command: z.string(),
      exitCode: z.number().nullable(),
      status: z
        .enum(["passed", "failed", "timed-out", "not-runnable"])
        .describe("Not runnable: a program that it needs is not installed"),
      stopped: z.string().optional().describe("Why it was stopped before its time"),
      durationMs: z.number(),
      output: z.string().describe("The end of what it printed"),
    }),
  ),
  weakened: z
    .array(z.object({ path: z.string(), what: z.string() }))
    .describe(
      "Where the change takes tests or CI away, skips or loosens them; it can be right, and a person should look",
    ),
  reason: z.string().optional().describe("Why it did not pass"),
  note: z.string().optional(),
});
export type CheckResult = z.infer<typeof CheckResult>;

export const nothingToVerifyWith =
  "There is nothing to verify with: the repository has no .github/afu9.yml with `verify`, and no test command was detected.";

type Checked = { tree: string; changes: Change[]; signal: AbortSignal };

export async function checkTree(
  { sandbox }: WorkspaceDeps,
  workspace: Workspace,
  { tree, changes, signal }: Checked,
): Promise<CheckResult> {
  const { base, setup, verify } = workspace.opened;
  const weakened = findWeakened(await changedTexts(workspace, changes));
  const facts = { tree, base, changed: changes.length, weakened };
  if (verify.commands.length === 0)
    return { passed: true, ...facts, commands: [], note: nothingToVerifyWith };

  try {
    await checkOut(workspace, tree);
    const commands = await runCommands(
      sandbox,
      [
        { phase: "setup", commands: setup.commands, network: true },
        { phase: "verify", commands: verify.commands, network: verify.network },
      ],
      { ...workspace.clean, gitDirectory: workspace.gitDirectory, signal },
    );
    const failed = commands.find(({ status }) => status !== "passed");
    if (!failed) return { passed: true, ...facts, commands };
    return { passed: false, ...facts, commands, reason: whyNotPassed(failed) };
  } finally {
    await Promise.all(Object.values(workspace.clean).map(removeDirectory));
  }
}

async function checkOut(place: Place, tree: string): Promise<void> {
  const { checkout, home } = place.clean;
  for (const directory of [checkout, home]) {
    await removeDirectory(directory);
    await mkdir(directory);
  }
  await withIndex(
    place,
    async (at) => {
      await git(at, ["read-tree", tree]);
      await git(at, ["checkout-index", "--all", "--force", "--quiet"]);
    },
    checkout,
  );
  await writeFile(join(checkout, ".git"), "gitdir: ../git\n", { flag: "wx" });
}
