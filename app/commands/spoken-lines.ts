// Which lines of a comment its author says, and which they only show: quotes, code, what is hidden or folded away.
import { shownWithin } from "./shown-within.ts";

/** What stays open from line to line. */
type Block = { isOver(line: string): boolean };

/**
 * The lines of a comment, each undefined that is quoted, code, hidden, folded or of an earlier e-mail, and without HTML
 * comments where it is none of these. A block may stay open to the end. The time it takes grows with the length only.
 */
export function spokenLines(lines: string[]): (string | undefined)[] {
  const spoken: (string | undefined)[] = lines.map(() => undefined);
  let paragraph: number[] = [];
  let block: Block | undefined;

  function endParagraph(): void {
    const shown = shownWithin(paragraph.map((at) => lines[at] ?? ""));
    for (const [index, at] of paragraph.entries()) spoken[at] = shown[index];
    paragraph = [];
  }

  for (const [at, line] of lines.entries()) {
    if (block) {
      if (block.isOver(line)) block = undefined;
      continue;
    }
    if (isEarlierMail.test(line)) break;
    const fence = openedFence(line);
    const tag = openedTag(line);
    const isShown = fence || tag || quoteOrIndentedCode.test(line) || line.trim() === "";
    // A span of code never goes from one item of a list into the next.
    if (isShown || startsBlock.test(line)) endParagraph();
    block = fence ?? (tag?.isOver(line) ? undefined : tag) ?? openedComment(line);
    if (!isShown && !block) paragraph.push(at);
  }
  endParagraph();
  return spoken;
}

const quoteOrIndentedCode = /^(?: {0,3}>| {4}| {0,3}\t)/;
const startsBlock = /^ {0,3}(?:(?:[-+*]|\d{1,9}[.)]|#{1,6})[ \t]|<!--)/;
/** What mail programs put above the mail that is answered, when they do not quote it. */
const isEarlierMail = /^(?:-{3,} ?Original Message ?-{3,}|_{20,})\s*$/i;

/** A fence is three or more of one character. What follows backticks may hold none. */
function openedFence(line: string): Block | undefined {
  const [, fence, info = ""] = line.match(/^ {0,3}(`{3,}|~{3,})(.*)$/) ?? [];
  if (!fence || (fence.startsWith("`") && info.includes("`"))) return undefined;
  return {
    isOver(later) {
      const closing = later.match(/^ {0,3}(`{3,}|~{3,})[ \t]*$/)?.[1];
      return closing?.startsWith(fence) ?? false;
    },
  };
}

/** Tags that quote, show code or fold away, up to where as many are closed as were opened. */
function openedTag(line: string): Block | undefined {
  const [, tag] = line.match(/^ {0,3}<(pre|code|samp|details|blockquote|script|style|textarea)\b/i) ?? [];
  if (!tag) return undefined;
  const tags = new RegExp(`<(/?)${tag}\\b`, "gi");
  let depth = 0;
  return {
    isOver(later) {
      for (const [, closing] of later.matchAll(tags)) depth += closing ? -1 : 1;
      return depth <= 0;
    },
  };
}

/** A comment that begins a line hides all up to its end, blank lines too. */
function openedComment(line: string): Block | undefined {
  if (!/^ {0,3}<!--/.test(line) || line.lastIndexOf("<!--") < line.lastIndexOf("-->")) return undefined;
  return { isOver: (later) => later.includes("-->") };
}
