// Merges a commit into a fresh checkout. Git decides what it can; where it can't, the files keep conflict markers.
import { messageOf, ToolFailure } from "../../shared/errors.ts";
import { git } from "./git.ts";
import type { OpenedMerge, Place } from "./workspace.ts";

/** Brings the checkout of `base` to the state of the merge. The history stays at `base`. */
export async function mergeInto(
  { gitDirectory, checkout }: Place,
  base: string,
  commit: string,
): Promise<OpenedMerge> {
  const at = { gitDirectory };
  const common = await git(at, ["merge-base", base, commit], { answers: 1 });
  if (!common.trim())
    throw new ToolFailure(
      `${commit} can't be merged into ${base}: they have nothing in common in the history that is looked at. Merge them by hand.`,
    );
  const isNeeded = common.trim() !== commit;
  const args = ["merge-tree", "--write-tree", "--name-only", "-z", base, commit];
  // 1: there are conflicts.
  const printed = await git(at, args, { answers: 1 }).catch((error: unknown) => {
    throw new ToolFailure(`${commit} can't be merged into ${base}: ${messageOf(error)}`);
  });
  const { tree, conflicts, messages } = parse(printed);
  await git({ gitDirectory, workTree: checkout }, ["read-tree", "-u", "--reset", tree]);
  return { commit, isNeeded, tree, conflicts, messages };
}

/** The tree, the files with conflicts, an empty field, and then each message as: how many paths, the paths, its kind, its text. */
function parse(printed: string): Pick<OpenedMerge, "tree" | "conflicts" | "messages"> {
  const [tree = "", ...fields] = printed.split("\0");
  const end = fields.indexOf("");
  const conflicts = end < 0 ? fields : fields.slice(0, end);
  const messages: string[] = [];
  for (let at = end + 1; end >= 0 && at + 1 < fields.length; ) {
    const paths = Number(fields[at]);
    const [kind = "", text = ""] = fields.slice(at + 1 + paths);
    if (kind.startsWith("CONFLICT")) messages.push(text.trim());
    at += paths + 3;
  }
  return { tree, conflicts: [...new Set(conflicts)], messages };
}

/** Those of the files where a conflict is still marked in the tree. */
export async function filesWithMarkers(
  { gitDirectory }: Place,
  tree: string,
  files: string[],
): Promise<string[]> {
  if (files.length === 0) return [];
  const env = { GIT_LITERAL_PATHSPECS: "1" };
  const args = ["grep", "-l", "-z", "-E", "-e", "^(<<<<<<<|>>>>>>>)( |$)", tree, "--", ...files];
  const printed = await git({ gitDirectory }, args, { env, answers: 1 });
  return printed
    .split("\0")
    .filter(Boolean)
    .map((line) => line.slice(tree.length + 1));
}
