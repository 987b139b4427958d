import { createHash } from "node:crypto";

/** Hidden in what an execution writes: by it the same text, written by the same execution, is found again. */
export function effectMarker(execution: string, text: string): string {
  const key = createHash("sha256")
    .update(JSON.stringify([execution, text]))
    .digest("hex")
    .slice(0, 32);
  return `<!-- afu9:effect:${key} -->`;
}

/** The text with its marker. */
export function marked(execution: string, text: string): string {
  return `${text}\n\n${effectMarker(execution, text)}`.trimStart();
}
