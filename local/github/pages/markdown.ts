import { raw } from "hono/html";
import { marked } from "marked";
import sanitizeHtml from "sanitize-html";

const options = {
  allowedTags: [...sanitizeHtml.defaults.allowedTags, "del", "input"],
  allowedAttributes: {
    ...sanitizeHtml.defaults.allowedAttributes,
    input: [{ name: "type", values: ["checkbox"] }, "checked", "disabled"],
  },
  /** The boxes of a list of tasks, and no other input. */
  exclusiveFilter: ({ tag, attribs }: { tag: string; attribs: Record<string, string> }) =>
    tag === "input" && attribs.type !== "checkbox",
  disallowedTagsMode: "discard" as const,
};

/** Text of people as GitHub shows it: Markdown, without comments, scripts and whatever else could act. */
export function markdown(text: string) {
  return raw(sanitizeHtml(marked.parse(text, { async: false, gfm: true }), options));
}
