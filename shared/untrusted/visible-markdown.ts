// Of Markdown only what a reader sees on GitHub. Code keeps its content, whatever it is.
import { marked, type Token, type Tokens } from "marked";
import { withHiddenShown, withoutHidden } from "./hidden-characters.ts";
import { anImage, visibleHtml } from "./visible-html.ts";

/** Longer texts (GitHub's own limit is 65,536 characters) and deeper ones are not parsed: of them code is cleaned as well. */
const maxParsed = 200_000;
const tooDeep = /^(?:[ \t]*(?:>|[-*+]|\d{1,9}[.)])){50}/m;

/**
 * A text of a person in Markdown, without what its page does not show: comments, hidden elements, attributes, what images
 * are called, titles of links, link definitions that nothing refers to.
 */
export function visibleMarkdown(text: string): string {
  if (text.length > maxParsed || tooDeep.test(text)) return visibleHtml(withoutHidden(text));
  const kept: string[] = [];
  const keep = (code: string) => `${mark}${kept.push(withHiddenShown(code)) - 1}${mark}`;
  const plain = text.replace(/\r\n?/g, "\n").replaceAll(mark, "");
  return withoutHidden(visibleHtml(blocks(marked.lexer(plain), keep))).replace(
    new RegExp(`${mark}(\\d+|${lessThan})${mark}`, "g"),
    (_, number) => (number === lessThan ? "<" : (kept[Number(number)] ?? "")),
  );
}

/** Holds the place of code while HTML is read. A character for private use, which is in no text here. */
const mark = "\uE000";

/** Between two marks: a `<` that begins no tag. */
const lessThan = "lt";

/** Takes code out of the way of what reads HTML. */
type Keep = (code: string) => string;

function blocks(tokens: Token[], keep: Keep): string {
  return tokens.map((token) => block(token, keep)).join("");
}

function block(token: Token, keep: Keep): string {
  switch (token.type) {
    case "code":
      return keep(token.raw);
    case "blockquote":
      return `${prefixed(blocks(token.tokens ?? [], keep), "> ", "> ")}${endOf(token)}`;
    case "list":
      return `${listItems(token as Tokens.List, keep)}${endOf(token)}`;
    case "table":
      return table(token as Tokens.Table, keep);
    case "heading":
      return `${"#".repeat(token.depth)} ${inline(token.tokens, keep)}${endOf(token)}`;
    case "paragraph":
      return `${inline(token.tokens, keep)}${endOf(token)}`;
    case "text":
      return token.tokens ? `${inline(token.tokens, keep)}\n` : token.raw;
    case "def":
      return "";
    default:
      return token.raw;
  }
}

function listItems({ items, ordered, start }: Tokens.List, keep: Keep): string {
  const bullet = (at: number) => (ordered ? `${Number(start || 1) + at}. ` : "- ");
  return items.map((item, at) => prefixed(blocks(item.tokens, keep), bullet(at), "  ")).join("\n");
}

/** The line feeds that a token ends with. */
function endOf({ raw }: Token): string {
  return raw.match(/\n*$/)?.[0] ?? "";
}

function table(whole: Tokens.Table, keep: Keep): string {
  const { header, rows } = whole;
  const line = (cells: Tokens.TableCell[]) =>
    `| ${cells.map(({ tokens }) => inline(tokens, keep)).join(" | ")} |`;
  return `${[line(header), `|${" --- |".repeat(header.length)}`, ...rows.map(line)].join("\n")}${endOf(whole)}`;
}

function prefixed(text: string, first: string, others: string): string {
  return text
    .trimEnd()
    .split("\n")
    .map((line, at) => `${at === 0 ? first : others}${line}`)
    .join("\n");
}

function inline(tokens: Token[] | undefined, keep: Keep): string {
  return (tokens ?? []).map((token) => span(token, keep)).join("");
}

function span(token: Token, keep: Keep): string {
  switch (token.type) {
    case "codespan":
    case "escape":
      return keep(token.raw);
    case "image":
      return anImage;
    case "strong":
      return `**${inline(token.tokens, keep)}**`;
    case "em":
      return `*${inline(token.tokens, keep)}*`;
    case "del":
      return `~~${inline(token.tokens, keep)}~~`;
    case "link":
      return link(token as Tokens.Link, keep);
    case "text":
      // `a <b` begins no tag. What would begin a comment is left to what reads HTML: there is none that is seen.
      return token.raw.replace(/<(?![!?])/g, `${mark}${lessThan}${mark}`);
    default:
      return token.raw;
  }
}

/** Where it leads is known to who points at it, and is needed; its title is left out. */
function link({ href, text, tokens }: Tokens.Link, keep: Keep): string {
  const target = href.replaceAll(/[<>\s]/g, encodeURIComponent);
  return text === href ? target : `[${inline(tokens, keep)}](${target})`;
}
