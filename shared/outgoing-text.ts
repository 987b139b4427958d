// Text that a model wrote and people will read on GitHub. It may say anything and set nothing off: it notifies nobody,
// closes no issue, loads nothing from elsewhere, hides nothing and is no command.
import { type Block, blocksOf } from "./markdown-blocks.ts";

/** It can't be seen, and what it stands in is no longer a mention, a tag, an image, a keyword or a command. */
const gap = "\u200b";

const at = "@|&#0*64;|&#x0*40;|&commat;";
const mention = new RegExp(String.raw`(?<![A-Za-z0-9])(?:${at})(?=[^\s\u200b])`, "gi");
const tag = /<(?=[a-z/!?])/gi;
const image =
  /!(?=\[)(?!\[[^\]\n]{0,300}\]\(https:\/\/(?:github\.com|[\w-]{1,60}\.githubusercontent\.com)\/)/g;
const reference = String.raw`\[|#|&|GH-|https?:|[\w.-]+\/[\w.-]+#`;
const closing = new RegExp(
  String.raw`\b([cfr])(?=(?:lose[sd]?|ix(?:e[sd])?|esolve[sd]?)\b[\s:*_~]*(?:${reference}))`,
  "gi",
);
/** They turn the direction of text around, or stand for letters that nobody sees. */
const hidden = /[\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/gu;
const command = /^([ \t]*\/)(?=afu9\b)/gim;

/** Markdown as it may be posted. It looks as it did, and code in it stays as it is, to be copied. */
export function outgoingText(markdown: string): string {
  let text = markdown
    .replace(/\r\n?/g, "\n")
    .replace(/[\u0085\u2028\u2029\v\f]/g, " ")
    .replace(hidden, "");
  // What becomes inert may change where a code block begins, so it is looked at again until nothing changes.
  for (let round = 0; round < 5; round += 1) {
    const next = inertOutsideCode(text);
    if (next === text) return closed(text);
    text = next;
  }
  return inert(text);
}

/** The same for a title: one line. */
export function outgoingLine(text: string): string {
  return inert(text.replace(/\s+/g, " ").replace(hidden, "").trim());
}

function inertOutsideCode(text: string): string {
  const blocks = blocksOf(text);
  // A single backtick that is left over would make code of what is none, on this line or on another.
  const isEven = blocks.every((block) => isFenced(block) || block.raw.split("\n").every(isPlainCode));
  return blocks
    .map((block) => {
      if (isFenced(block)) return block.raw;
      return isEven ? block.raw.split("\n").map(inertBetweenCode).join("\n") : inert(block.raw);
    })
    .join("");
}

/** A code block of its own. One in a list or a quotation is not told from text for sure. */
function isFenced({ type, raw }: Block): boolean {
  return type === "code" && /^ {0,3}(?:`{3,}|~{3,})/.test(raw);
}

/** The text with the end of its last code block, without which that would take in what comes after the text. */
function closed(text: string): string {
  const last = blocksOf(text).at(-1);
  if (!last || !isFenced(last)) return text;
  const lines = last.raw.trimEnd().split("\n");
  const [, indent = "", fence = ""] = last.raw.match(/^( *)(`{3,}|~{3,})/) ?? [];
  const end = lines.at(-1)?.trim() ?? "";
  const isClosed = lines.length > 1 && end.startsWith(fence) && end === fence.charAt(0).repeat(end.length);
  return isClosed ? text : `${text.trimEnd()}\n${indent}${fence}\n`;
}

/** Whether each span of code on the line is between two single backticks. */
function isPlainCode(line: string): boolean {
  return !/``|\\`/.test(line) && line.split("`").length % 2 === 1;
}

/** In a table a bar ends a cell, also where it looks as if it were code. */
function inertBetweenCode(line: string): string {
  if (line.includes("|")) return inert(line);
  return line
    .split("`")
    .map((part, index) => (index % 2 ? part : index === 0 ? inert(part) : inertAfterCode(part)))
    .join("`");
}

/** What follows a span of code does not begin a line. */
function inertAfterCode(part: string): string {
  return inert(`\`${part}`).slice(1);
}

function inert(text: string): string {
  return text
    .replace(mention, `$&${gap}`)
    .replace(tag, `<${gap}`)
    .replace(image, `!${gap}`)
    .replace(closing, `$1${gap}`)
    .replace(command, `$1${gap}`);
}
