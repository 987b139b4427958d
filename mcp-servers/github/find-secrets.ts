import type { Redact } from "../../shared/redact.ts";

/** The name of a header is no secret, and code that sets it from a variable neither. */
const headerName = /authorization/gi;

/**
 * The lines of a text that hold a secret, counted from 1, without those that are in `before` already: a file that had
 * a token in it is no reason to refuse a change of something else. Of a secret of many lines it is the first.
 */
export function secretLines(text: string, redact: Redact, before = ""): number[] {
  if (!holdsSecret(text, redact)) return [];
  const known = new Set(before.split("\n"));
  const lines = text.split("\n");
  const found = lines.flatMap((line, index) => (holdsSecret(line, redact) ? [index + 1] : []));
  const all = found.length > 0 ? found : [firstChangedLine(text, redact)];
  return all.filter((line) => !known.has(lines[line - 1] ?? ""));
}

function firstChangedLine(text: string, redact: Redact): number {
  const plain = withoutHeaderNames(text);
  const clean = redact.text(plain).split("\n");
  return plain.split("\n").findIndex((line, index) => line !== clean[index]) + 1;
}

function withoutHeaderNames(text: string): string {
  return text.replace(headerName, "header");
}

export function holdsSecret(text: string, redact: Redact): boolean {
  const plain = withoutHeaderNames(text);
  return redact.text(plain) !== plain;
}
