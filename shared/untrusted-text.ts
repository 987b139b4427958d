// Text that people or programs wrote is data for the model. It is cleaned of what a reader can't see, and fenced.
// docs/security.md says what is taken out.
import { withHiddenShown, withoutHidden } from "./untrusted/hidden-characters.ts";
import { visibleMarkdown } from "./untrusted/visible-markdown.ts";

/** What a text is: Markdown that GitHub renders, the output of a program or code, or a plain text: a title, a name. */
export type TextKind = "markdown" | "output" | "text";

/** Removes what a person does not see and a model would: HTML comments, and invisible or direction-changing characters. */
export function visibleText(text: string): string {
  return withoutHidden(text.replace(/<!--[\s\S]*?(?:-->|$)/g, ""));
}

const visible: Record<TextKind, (text: string) => string> = {
  markdown: visibleMarkdown,
  output: withHiddenShown,
  text: visibleText,
};

/** What of a text a reader would see. Code and output keep their content, with hidden characters as escapes. */
export function visibleAs(kind: TextKind, text: string): string {
  return visible[kind](text);
}

/** Fences text as data under a name. The text can't close the fence. */
export function fenced(name: string, text: string, kind: TextKind = "text"): string {
  return fence(name, visibleAs(kind, text));
}

/** Fences text that is cleaned already. */
export function fence(name: string, text: string): string {
  const label = withoutHidden(name).replace(/[\n"<>]/g, "?");
  return `<data name="${label}">\n${text.replace(fenceLike, "‹$1")}\n</data>`;
}

/** What a model may take for the fence: in any case, with spaces, and with other characters that look like `<` and `/`. */
const fenceLike = /[<＜﹤]([\s/／⁄∕]*d\s*a\s*t\s*a(?![a-z0-9]))/gi;
