/**
 * A value as JSON text that PostgreSQL's `jsonb` takes: it refuses the NUL character and lone surrogates, which
 * the output of a command may hold. Gives null for undefined.
 */
export function storable(value: unknown): string | null {
  if (value === undefined) return null;
  return JSON.stringify(value, (_key, item) => (typeof item === "string" ? withoutNul(item) : item));
}

function withoutNul(text: string): string {
  return text.replaceAll("\u0000", "\uFFFD").toWellFormed();
}
