import { z } from "zod";
import { ToolFailure } from "../../../shared/errors.ts";
import { tool } from "../../tool.ts";
import { type Change, changeSet } from "../change-set.ts";
import type { WorkspaceDeps } from "../deps.ts";
import { git, gitBytes } from "../git.ts";
import { type Place, workspaceOf } from "../workspace.ts";

const maxFiles = 300;
const maxBytes = 5 * 1024 * 1024;
const maxDiffCharacters = 200_000;

export const changes = tool<WorkspaceDeps>()({
  name: "changes",
  description:
    "Show what was changed since the workspace was opened: every file with its new content, and the diff. " +
    "Files that git ignores, and those that setup made, are left out. " +
    `At most ${maxFiles} files and 5 MB; delete what does not belong to the change.`,
  effect: "read",
  // The contents are in base64, and each may stand in the diff once more.
  limits: { timeoutMs: 120_000, maxResultCharacters: 4 * maxBytes },
  input: z.object({}),
  output: z.object({
    base: z.string(),
    tree: z.string().describe("The tree that the base has with these changes"),
    files: z.array(
      z.union([
        z.object({
          path: z.string(),
          mode: z.enum(["100644", "100755", "120000"]),
          content: z.string(),
          encoding: z.literal("base64"),
        }),
        z.object({ path: z.string(), deleted: z.literal(true) }),
      ]),
    ),
    diff: z.string(),
    additions: z.number(),
    deletions: z.number(),
  }),
  async run(_, deps, call) {
    return deps.inTurn(call.capability.execution, async () => {
      const workspace = await workspaceOf(deps, call);
      const { base } = workspace.opened;
      const { changes, tree } = await changeSet(workspace, {
        base,
        treeAfterSetup: workspace.treeAfterSetup,
      });
      await checkSize(workspace, changes);
      const files = [];
      for (const change of changes) files.push(await withContent(workspace, change));
      return { base, tree, files, ...(await compare(workspace, base, tree)) };
    });
  },
});

async function checkSize(place: Place, changes: Change[]): Promise<void> {
  const advice = "Delete what does not belong to the change, or list it in .gitignore.";
  if (changes.length > maxFiles) {
    const some = changes.slice(0, 20).map(({ path }) => path);
    throw new ToolFailure(
      `The change has ${changes.length} files; at most ${maxFiles} are possible. ${advice} Among them: ${some.join(", ")}.`,
    );
  }
  const written = changes.flatMap((change) => ("blob" in change ? [change] : []));
  const input = written.map(({ blob }) => `${blob}\n`).join("");
  const sizes = (await git(place, ["cat-file", "--batch-check=%(objectsize)"], { input }))
    .split("\n")
    .map(Number);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total <= maxBytes) return;
  const largest = written
    .map(({ path }, at) => ({ path, size: sizes[at] ?? 0 }))
    .sort((a, b) => b.size - a.size)
    .slice(0, 5)
    .map(({ path, size }) => `${path} (${size} bytes)`);
  throw new ToolFailure(
    `The change has ${total} bytes; at most ${maxBytes} are possible. ${advice} The largest: ${largest.join(", ")}.`,
  );
}

async function withContent(place: Place, change: Change) {
  if ("deleted" in change) return { path: change.path, deleted: true as const };
  const bytes = await gitBytes(place, ["cat-file", "blob", change.blob]);
  return {
    path: change.path,
    mode: change.mode,
    content: bytes.toString("base64"),
    encoding: "base64" as const,
  };
}

async function compare(place: Place, base: string, tree: string) {
  const options = ["--no-ext-diff", "--no-textconv", "--no-color", "--no-renames", base, tree];
  const diff = await git(place, ["diff-tree", "-r", "-p", ...options]);
  const counts = (await git(place, ["diff-tree", "-r", "--numstat", ...options]))
    .split("\n")
    .map((line) => line.split("\t"));
  const sum = (column: 0 | 1) => counts.reduce((total, line) => total + (Number(line[column]) || 0), 0);
  const note = "\n[… the rest of the diff is left out …]\n";
  return {
    diff: diff.length > maxDiffCharacters ? diff.slice(0, maxDiffCharacters) + note : diff,
    additions: sum(0),
    deletions: sum(1),
  };
}
