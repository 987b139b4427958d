// Which lines of a pull request's diff a comment may stand on.

export type Side = "LEFT" | "RIGHT";
export type Lines = { path: string; line: number; startLine?: number; side: Side };

/** The first and the last line of each side that a hunk shows. */
type Hunk = Record<Side, { first: number; last: number }>;

/** Gives, for files with their patches, whether the lines are in the diff, and all in one hunk: GitHub refuses others. */
export function linesOfDiff(files: { filename: string; patch?: string }[]): (lines: Lines) => boolean {
  const hunks = new Map(files.map(({ filename, patch = "" }) => [filename, hunksOf(patch)]));
  return ({ path, line, startLine = line, side }) =>
    hunks.get(path)?.some(({ [side]: shown }) => shown.first <= startLine && line <= shown.last) ?? false;
}

function hunksOf(patch: string): Hunk[] {
  return [...patch.matchAll(/^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/gm)].map(
    ([, oldFirst, oldCount = "1", newFirst, newCount = "1"]) => ({
      LEFT: range(Number(oldFirst), Number(oldCount)),
      RIGHT: range(Number(newFirst), Number(newCount)),
    }),
  );
}

function range(first: number, count: number) {
  return { first, last: first + count - 1 };
}
