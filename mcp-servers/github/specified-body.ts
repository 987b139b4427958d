// The text of an issue that was specified: the specification, and below it what people wrote, word for word.

const begin = "<!-- afu9:specification -->\n";
const middle =
  "\n\n<details><summary>The briefing that this was written from</summary>\n\n<!-- afu9:briefing -->\n";
const end = "\n<!-- afu9:end of the briefing -->\n\n</details>";

/** The text of an issue with a specification. Without a briefing there is nothing to keep. */
export function specified(specification: string, briefing: string): string {
  return `${begin}${specification.trim()}${middle}${briefing}${end}`;
}

/**
 * What people wrote, in the text of an issue. GitHub may have changed the ends of lines. A specification holds no HTML
 * comments, so that the first mark is ours; one that a person has changed around its marks is a briefing as a whole.
 */
export function briefingIn(body: string): string {
  const text = body.replace(/\r\n/g, "\n");
  const from = text.indexOf(middle);
  if (!text.startsWith(begin) || from < 0 || !text.trimEnd().endsWith(end)) return body;
  return text.slice(from + middle.length, text.trimEnd().length - end.length);
}
