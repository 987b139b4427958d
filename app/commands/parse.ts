/** A command that a comment holds, known or not. `line` is the line as it was written. */
export type Parsed = { line: string; name: string; instructions: string };

/**
 * Finds the first `/afu9 …` line that a person wrote outside quotes and code blocks. The rest of that line and all
 * that stands below is the instruction, as it was written. The time it takes grows with the comment's length only.
 */
export function parseCommand(comment: string): Parsed | undefined {
  const lines = comment.split(/\r\n|\n/);
  const spoken = withoutQuotesAndCode(lines);
  const at = spoken.findIndex((line) => commandLine.test(line));
  const line = spoken[at]?.trim();
  if (line === undefined) return undefined;

  const [, name = "help", ...words] = line.split(/\s+/);
  const below = lines.slice(at + 1).join("\n");
  const instructions = [words.join(" "), below.trim()].filter(Boolean).join("\n\n");
  return { line, name: name.toLowerCase(), instructions };
}

const commandLine = /^[ \t]*\/afu9(?:[ \t]|$)/i;
const quoteOrIndentedCode = /^(?: {0,3}>| {4}| {0,3}\t)/;

/** The lines, each empty that is quoted, code or hidden. A fence or a hidden comment may stay open to the end. */
function withoutQuotesAndCode(lines: string[]): string[] {
  let fence: string | undefined;
  let isHidden = false;
  return lines.map((line) => {
    if (fence) {
      if (ends(fence, line)) fence = undefined;
      return "";
    }
    if (isHidden) {
      isHidden = !line.includes("-->");
      return "";
    }
    fence = openedFence(line);
    if (fence || quoteOrIndentedCode.test(line)) return "";
    isHidden = line.lastIndexOf("<!--") > line.lastIndexOf("-->");
    return line.replace(/<!--.*?(?:-->|$)/g, "");
  });
}

/** The fence that a line opens: three or more of one character. What follows backticks may hold none. */
function openedFence(line: string): string | undefined {
  const [, fence, info = ""] = line.match(/^ {0,3}(`{3,}|~{3,})(.*)$/) ?? [];
  return fence?.startsWith("`") && info.includes("`") ? undefined : fence;
}

function ends(fence: string, line: string): boolean {
  const closing = line.match(/^ {0,3}(`{3,}|~{3,})[ \t]*$/)?.[1];
  return closing?.startsWith(fence) ?? false;
}
