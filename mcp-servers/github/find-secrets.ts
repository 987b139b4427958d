import type { Redact } from "../../shared/redact.ts";

/** The name of a header is no secret, and code that sets it from a variable neither. */
const headerName = /authorization/gi;

/**
 * The lines of a text that hold a secret, counted from 1, without those that are in `before` already: a file that had
 * a token in it is no reason to refuse a change of something else.
 */
export function secretLines(text: string, redact: Redact, before = ""): number[] {
  const known = new Set(before.split("\n"));
  return text
    .split("\n")
    .flatMap((line, index) => (holdsSecret(line, redact) && !known.has(line) ? [index + 1] : []));
}

export function holdsSecret(text: string, redact: Redact): boolean {
  const plain = text.replace(headerName, "header");
  return redact.text(plain) !== plain;
}
