/**
 * A value as JSON text that PostgreSQL's `jsonb` takes: it refuses the NUL character and lone surrogates, which the
 * output of a command or the arguments of a model may hold, in keys too. Gives null for undefined.
 */
export function storable(value: unknown): string | null {
  if (value === undefined) return null;
  // JSON.stringify writes both as escapes, and nothing else as these.
  return JSON.stringify(value).replace(/\\(?:u0000|ud[89a-f]..|.)/g, (one) =>
    one === "\\u0000" || one.startsWith("\\ud") ? "\\ufffd" : one,
  );
}
