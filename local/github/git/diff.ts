// What changed between two commits, in the pieces that GitHub's answers need.
import type { Hub, Repository } from "../hub.ts";

export interface ChangedFile {
  filename: string;
  previousFilename: string | undefined;
  status: "added" | "removed" | "modified" | "renamed" | "changed";
  sha: string;
  additions: number;
  deletions: number;
  patch: string | undefined;
}

const emptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";
const letters = { A: "added", D: "removed", R: "renamed", T: "changed" } as const;

/** The commit that both histories share; undefined when they share none. */
export async function mergeBase(hub: Hub, repository: Repository, one: string, other: string) {
  const found = await hub.git.attempt(repository.path, ["merge-base", one, other]);
  return found.code === 0 ? found.stdout.toString().trim() : undefined;
}

/** Files that differ; `from` undefined compares with nothing, as for a first commit. */
export async function changedFiles(hub: Hub, repository: Repository, from: string | undefined, to: string) {
  const range = [from ?? emptyTree, to];
  const raw = await hub.git.bytes(repository.path, ["diff", "-M", "--raw", "-z", "--no-abbrev", ...range]);
  const numbers = await hub.git.bytes(repository.path, ["diff", "-M", "--numstat", "-z", ...range]);
  const patch = await hub.git.text(repository.path, ["diff", "-M", "--no-ext-diff", "--no-color", ...range]);

  const counts = readCounts(numbers.toString());
  const patches = patch.split(/^diff --git .*$/m).slice(1);
  return readRaw(raw.toString()).map((file, index) => ({
    ...file,
    additions: counts[index]?.additions ?? 0,
    deletions: counts[index]?.deletions ?? 0,
    patch: hunksOf(patches[index] ?? ""),
  }));
}

function readRaw(output: string): Omit<ChangedFile, "additions" | "deletions" | "patch">[] {
  const values = output.split("\0").filter(Boolean);
  const files = [];
  for (let at = 0; at < values.length; ) {
    const [, , before = "", after = "", letter = "M"] = (values[at++] ?? "").split(" ");
    const first = values[at++] ?? "";
    const renamed = letter.startsWith("R");
    const filename = renamed ? (values[at++] ?? "") : first;
    files.push({
      filename,
      previousFilename: renamed ? first : undefined,
      status: letters[letter[0] as keyof typeof letters] ?? "modified",
      // GitHub names the blob that was removed.
      sha: letter === "D" ? before : after,
    });
  }
  return files;
}

function readCounts(output: string): { additions: number; deletions: number }[] {
  const values = output.split("\0").filter(Boolean);
  const counts = [];
  for (let at = 0; at < values.length; at++) {
    const [additions = "", deletions = "", path] = (values[at] ?? "").split("\t");
    counts.push({ additions: Number(additions) || 0, deletions: Number(deletions) || 0 });
    if (path === "") at += 2; // a rename: both names follow
  }
  return counts;
}

function hunksOf(patch: string): string | undefined {
  const at = patch.search(/^@@ /m);
  return at < 0 ? undefined : patch.slice(at).replace(/\n$/, "");
}

/** The change as text, in the format of `git diff` or of `git format-patch`. */
export async function diffText(
  hub: Hub,
  repository: Repository,
  range: [string, string],
  format: "diff" | "patch",
) {
  const [from, to] = range;
  const args =
    format === "diff" ? ["diff", "-M", from, to] : ["format-patch", "-M", "--stdout", `${from}..${to}`];
  return (await hub.git.bytes(repository.path, args)).toString();
}

/** How many commits `head` has that `base` lacks, and the other way round. */
export async function distance(hub: Hub, repository: Repository, base: string, head: string) {
  const range = `${base}...${head}`;
  const counted = await hub.git.text(repository.path, ["rev-list", "--left-right", "--count", range]);
  const [behind = 0, ahead = 0] = counted.split("\t").map(Number);
  return { ahead, behind };
}
