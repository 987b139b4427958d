// What a model wrote, before it goes to where people read it: it may not call people, close issues, load images from
// elsewhere (their address can carry what the model has read), or hide anything. Code stays as it is.
import { visibleText } from "./untrusted-text.ts";

/** Cleans Markdown. What stands in code blocks and in backticks calls nobody and is left alone. */
export function publishedText(markdown: string): string {
  return visibleText(markdown)
    .split(/(^ {0,3}(?:`{3,}|~{3,})[\s\S]*?(?:^ {0,3}(?:`{3,}|~{3,})[ \t]*$|$(?![\s\S]))|`+[^`\n]+`+)/m)
    .map((part, at) => (at % 2 ? part : cleaned(part)))
    .join("");
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

function cleaned(text: string): string {
  return (
    text
      // `![alt](address)`, `![alt][name]`, and the definitions that names stand for.
      .replace(/!\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])?/g, "$1")
      .replace(/^ {0,3}\[[^\]]+\]:.*$/gm, "")
      // GitHub shows some HTML, images and hidden parts among it.
      .replace(/<(?=[a-z/!?])/gi, "&lt;")
      .replace(/(^|[^\w`/])@([a-z\d](?:[a-z\d-]*[a-z\d])?(?:\/[\w.-]+)?)/gi, "$1`@$2`")
      .replace(
        /\b(close[sd]?|fix(?:e[sd])?|resolve[sd]?)(:?\s+)((?:[\w.-]+\/[\w.-]+)?#\d+|https?:\/\/\S+\/issues\/\d+)/gi,
        "$1$2`$3`",
      )
  );
}
