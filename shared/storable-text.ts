/** A text as PostgreSQL takes it in `text` and in `jsonb`: without the NUL character and lone surrogates. */
export function storableText(text: string): string {
  return text.replaceAll("\u0000", "\uFFFD").toWellFormed();
}
