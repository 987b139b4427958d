// Models count lines badly, and git leaves out in silence what the head of a hunk does not count. (Its own `--recount`
// takes the head of the next file for a line of the hunk.)

/** Gives the diff with heads that count the lines of their hunks. Ends with a line end. */
export function recountHunks(diff: string): string {
  const lines = (diff.endsWith("\n") ? diff : `${diff}\n`).split("\n");
  const counted = lines.map((line, at) => {
    const head = line.match(/^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@(.*)$/s);
    if (!head) return line;
    const [, before, after, rest] = head;
    const body = bodyOf(lines, at + 1);
    const count = (...marks: string[]) => body.filter((one) => marks.includes(one[0] ?? " ")).length;
    return `@@ -${before},${count(" ", "-")} +${after},${count(" ", "+")} @@${rest}`;
  });
  return counted.join("\n");
}

/** The lines of a hunk, without empty ones at its end: an empty line within stands for one of the file. */
function bodyOf(lines: string[], from: number): string[] {
  let to = from;
  while (to < lines.length && isOfHunk(lines, to)) to++;
  while (to > from && lines[to - 1] === "") to--;
  return lines.slice(from, to);
}

function isOfHunk(lines: string[], at: number): boolean {
  const [line = "", next = ""] = lines.slice(at, at + 2);
  const isNextFile = line.startsWith("--- ") && next.startsWith("+++ ");
  // The second is what stands above the signature of a mailed patch.
  return !isNextFile && line !== "-- " && /^($|[ +\-\\])/.test(line);
}
