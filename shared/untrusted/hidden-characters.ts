// Characters that a person does not see and a model reads.

/** Invisible, direction-changing and tag characters, variation selectors, and what a terminal would act on. */
const hidden = /[\p{Default_Ignorable_Code_Point}\uFFF9-\uFFFB\u2028\u2029]|[^\P{Cc}\t\n]/gu;
/** What joins and colours the emoji around it is seen, in code too. */
const inEmoji =
  /(?<=\p{Extended_Pictographic}\p{Emoji_Modifier}?)\uFE0F|\uFE0F(?=\u20E3)|(?<=\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}]?)\u200D(?=\p{Extended_Pictographic})/gu;

/** Without them. Lines end with a line feed. */
export function withoutHidden(text: string): string {
  return withPlainLines(text).replace(hidden, "");
}

/** With each of them as an escape, `\u{202e}`: in code they may be what it is about. */
export function withHiddenShown(text: string): string {
  const emoji = new Set([...text.matchAll(inEmoji)].map(({ index }) => index));
  return withPlainLines(text).replace(hidden, (one, at: number) =>
    emoji.has(at) ? one : `\\u{${one.codePointAt(0)?.toString(16)}}`,
  );
}

function withPlainLines(text: string): string {
  return text.toWellFormed().replace(/\r\n?|[\u2028\u2029]/g, "\n");
}
