import { ToolFailure } from "../../shared/errors.ts";

export type Replacement = { path: string; oldText: string; newText: string; replaceAll: boolean };

/**
 * Replaces `oldText`, and gives the new text with the lines at which it stood. Throws a `ToolFailure` that helps to find
 * the right text when it is not there, or is there more often than asked for.
 */
export function replaceExactly(text: string, replacement: Replacement): { text: string; lines: number[] } {
  const { path, replaceAll } = replacement;
  const [oldText, newText] = inLineEndsOf(text, replacement);
  const parts = text.split(oldText);
  const count = parts.length - 1;
  if (count === 0) throw new ToolFailure(`oldText is not in ${path}. ${whatIsThere(text, oldText)}`);

  const lines = linesBefore(parts, oldText);
  if (count === 1 || replaceAll) return { text: parts.join(newText), lines };
  throw new ToolFailure(
    `oldText is in ${path} ${count} times, at lines ${lines.slice(0, 20).join(", ")}. ` +
      "Add lines around it until it occurs once, or set replaceAll to change them all.",
  );
}

/** A file with CRLF line ends is edited by callers that only ever write LF. */
function inLineEndsOf(text: string, { oldText, newText }: Replacement): [string, string] {
  if (text.includes(oldText) || !text.includes("\r\n") || oldText.includes("\r\n")) return [oldText, newText];
  return [oldText.replaceAll("\n", "\r\n"), newText.replaceAll(/\r?\n/g, "\r\n")];
}

function linesBefore(parts: string[], oldText: string): number[] {
  const height = oldText.split("\n").length - 1;
  let line = 1;
  return parts.slice(0, -1).map((part) => {
    line += part.split("\n").length - 1;
    const at = line;
    line += height;
    return at;
  });
}

function whatIsThere(text: string, oldText: string): string {
  const lines = text.split("\n");
  const wanted = oldText.split("\n").map(squeezed);
  while (wanted.length > 1 && wanted[0] === "") wanted.shift();
  while (wanted.length > 1 && wanted.at(-1) === "") wanted.pop();
  const inFile = lines.map(squeezed);

  const same = inFile.findIndex((_, at) => wanted.every((line, offset) => inFile[at + offset] === line));
  if (same !== -1)
    return `These lines differ from it only in white space; copy them exactly:\n${excerpt(lines, same, wanted.length)}`;

  const first = wanted.find((line) => line.length > 3);
  const near = first
    ? inFile.findIndex((line) => line.includes(first) || (line.length > 10 && first.includes(line)))
    : -1;
  if (near !== -1)
    return `The nearest lines are these; copy from them exactly:\n${excerpt(lines, near, wanted.length)}`;
  return "Read the file with readFile and copy the text from there.";
}

function squeezed(line: string): string {
  return line.trim().replaceAll(/\s+/g, " ");
}

function excerpt(lines: string[], at: number, height: number): string {
  const shown = lines.slice(at, at + Math.min(height, 20));
  return `(from line ${at + 1})\n${shown.join("\n")}`;
}
