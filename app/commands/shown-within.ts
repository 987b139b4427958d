// Code and HTML comments within a paragraph, as CommonMark reads them.

/**
 * The lines of one paragraph, without its HTML comments. A line that begins within code, or within a comment, is
 * undefined. What was opened and is not closed within the paragraph is text.
 */
export function shownWithin(lines: string[]): (string | undefined)[] {
  const text = lines.join("\n");
  const within = new Set<number>();
  let shown = "";
  let line = 0;
  let from = 0;
  for (const hidden of hiddenIn(text)) {
    const before = text.slice(from, hidden.from);
    const inside = text.slice(hidden.from, hidden.to);
    line += breaksIn(before);
    const crossed = breaksIn(inside);
    for (let next = 1; next <= crossed; next += 1) within.add(line + next);
    line += crossed;
    shown += before + (hidden.isComment ? "\n".repeat(crossed) : inside);
    from = hidden.to;
  }
  return (shown + text.slice(from)).split("\n").map((one, number) => (within.has(number) ? undefined : one));
}

type Hidden = { from: number; to: number; isComment: boolean };

/** From left to right: what begins first hides what begins within it. */
function hiddenIn(text: string): Hidden[] {
  const closing = createClosing(text);
  const found: Hidden[] = [];
  const opening = /\\[\s\S]|`+|<!--/g;
  for (let match = opening.exec(text); match; match = opening.exec(text)) {
    const [token] = match;
    if (token.startsWith("\\")) continue;
    const isComment = token === "<!--";
    const after = opening.lastIndex;
    const to = isComment ? closing.ofComment(after) : closing.ofCode(token.length, after);
    if (to === undefined) continue;
    found.push({ from: match.index, to, isComment });
    opening.lastIndex = to;
  }
  return found;
}

/** Where what was opened is closed, or undefined. Asked from left to right, all answers together take one pass. */
function createClosing(text: string) {
  const runs = new Map<number, number[]>();
  for (const { index, 0: run } of text.matchAll(/`+/g)) {
    const same = runs.get(run.length) ?? [];
    same.push(index);
    runs.set(run.length, same);
  }
  for (const same of runs.values()) same.reverse();
  let isWithoutEnd = false;
  return {
    ofCode(length: number, after: number): number | undefined {
      const same = runs.get(length) ?? [];
      while ((same.at(-1) ?? after) < after) same.pop();
      const start = same.at(-1);
      return start === undefined ? undefined : start + length;
    },
    ofComment(after: number): number | undefined {
      const end = isWithoutEnd ? -1 : text.indexOf("-->", after);
      isWithoutEnd = end < 0;
      return isWithoutEnd ? undefined : end + "-->".length;
    },
  };
}

function breaksIn(text: string): number {
  return text.split("\n").length - 1;
}
