/** A file's bytes as text, or undefined when they are no UTF-8, or hold a NUL, which the database keeps in no text. */
export function textOfFile(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\u0000") ? undefined : text;
  } catch {
    return undefined;
  }
}
