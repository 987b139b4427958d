// Lines of a patch, as review comments name them.

export type Side = "LEFT" | "RIGHT";

/** The hunk of the patch that shows the line, up to that line; undefined when the line is not part of the diff. */
export function hunkAt(patch: string, side: Side, line: number): string | undefined {
  for (const hunk of patch.split(/^(?=@@ )/m)) {
    const end = endOf(hunk.split("\n"), side, line);
    if (end !== undefined) return hunk.split("\n").slice(0, end).join("\n");
  }
  return undefined;
}

function endOf(lines: string[], side: Side, wanted: number): number | undefined {
  const [, left, right] = lines[0]?.match(/^@@ -(\d+)(?:,\d+)? \+(\d+)/) ?? [];
  const other = side === "LEFT" ? "+" : "-";
  let at = Number(side === "LEFT" ? left : right);
  for (const [index, text] of lines.entries()) {
    if (index === 0 || text.startsWith(other) || text.startsWith("\\")) continue;
    if (at === wanted) return index + 1;
    at += 1;
  }
  return undefined;
}
