// What a model wrote, before it goes to where people read it: it may not call people, close issues, load images from
// elsewhere (their address can carry what the model has read), or hide anything. Code stays as it is. Where it is not sure
// that something is code for GitHub too, it is none.
import { visibleText } from "./untrusted-text.ts";

/** Cleans Markdown. */
export function publishedText(markdown: string): string {
  // Some of these end a line for a regular expression, and none for GitHub.
  const lines = visibleText(markdown)
    .replace(/\r\n?/g, "\n")
    .replace(/[\u0085\u2028\u2029\v\f]/g, " ")
    .split("\n");
  const blocks: { isCode: boolean; lines: string[] }[] = [];
  let fence: string | undefined;
  for (const line of lines) {
    const opened: string | undefined = fence ?? openedFence(line);
    const last = blocks.at(-1);
    if (last && fence === opened && last.isCode === (opened !== undefined)) last.lines.push(line);
    else blocks.push({ isCode: opened !== undefined, lines: [line] });
    fence = fence && ends(fence, line) ? undefined : opened;
  }
  return blocks
    .map(({ isCode, lines }) => (isCode ? lines.join("\n") : withSpans(lines.join("\n"))))
    .join("\n");
}

/** Cleans every text in a value, but paths of files: they are no Markdown. */
export function publishedValue(value: unknown): unknown {
  if (typeof value === "string") return publishedText(value);
  if (Array.isArray(value)) return value.map(publishedValue);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, key === "path" ? item : publishedValue(item)]),
  );
}

/** The fence that a line opens. What follows backticks may hold none. */
function openedFence(line: string): string | undefined {
  return line
    .match(/^ {0,3}(?:(`{3,})[^`]*|(~{3,}).*)$/)
    ?.slice(1)
    .find(Boolean);
}

/** A fence that GitHub takes for the end is one here. */
function ends(fence: string, line: string): boolean {
  const closing = line.match(/^ {0,3}(`{3,}|~{3,})[ \t]*$/)?.[1];
  return closing?.startsWith(fence) ?? false;
}

/** Code within a line begins and ends with as many backticks, and holds none here. */
const span = /((?<![`\\])(`+)(?!`)[^`\n]+(?<!`)\2(?!`))/;

function withSpans(text: string): string {
  const parts = text.split(span);
  // Each span gives two parts: itself, and its backticks.
  return parts.map((part, at) => (at % 3 === 0 ? cleaned(part) : at % 3 === 1 ? part : "")).join("");
}

function cleaned(text: string): string {
  return (
    text
      .replaceAll("`", "'")
      // `![alt](address)`, `![alt][name]`, and the definitions that names stand for.
      .replace(/!\[([^\][]*)\](?:\([^()]*\)|\[[^\][]*\])/g, "$1")
      .replaceAll("![", "[")
      .replace(/^ {0,3}\[[^\]\n]+\]:.*$/gm, "")
      // GitHub shows some HTML, images and hidden parts among it, and reads characters that are written as numbers.
      .replace(/<(?=[a-z/!?])/gi, "&lt;")
      .replace(/&(?=#|commat;|num;)/gi, "&amp;")
      .replace(
        /\b(close[sd]?|fix(?:e[sd])?|resolve[sd]?)(:?\s+)((?:[\w.-]+\/[\w.-]+)?#\d+|GH-\d+|https?:\/\/\S+\/issues\/\d+)/gi,
        "$1$2`$3`",
      )
      .replace(/(?<!\w)@([a-z\d][a-z\d-]*(?:\/[\w.-]*\w)?)/gi, "`@$1`")
  );
}
