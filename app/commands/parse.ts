import { unknownCommand } from "../replies.ts";
import type { Command } from "./command.ts";
import { commands } from "./commands.ts";

/** A command that a comment holds, or what is wrong with it. `line` is the line as it was written. */
export type Parsed = { line: string } & ({ command: Command; instructions: string } | { problem: string });

/** Finds the first `/afu9 …` line that a person wrote outside quotes and code blocks. The rest is the instruction. */
export function parseCommand(comment: string): Parsed | undefined {
  const text = withoutQuotesAndCode(comment);
  const match = text.match(/^[ \t]*(\/afu9)(?:[ \t]+(.*))?$/im);
  if (match?.index === undefined) return undefined;

  const line = match[0].trim();
  const [name = "help", ...words] = (match[2] ?? "").trim().split(/\s+/).filter(Boolean);
  const command = commands.find((candidate) => candidate.name === name.toLowerCase());
  if (!command) return { line, problem: unknownCommand(name) };

  const below = text.slice(match.index + match[0].length).trim();
  return { line, command, instructions: [words.join(" "), below].filter(Boolean).join("\n\n") };
}

function withoutQuotesAndCode(comment: string): string {
  return comment
    .replaceAll("\r\n", "\n")
    .replace(/^ {0,3}(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^ {0,3}\1[^\n]*$|$(?![\s\S]))/gm, "")
    .replace(/<!--[\s\S]*?(?:-->|$(?![\s\S]))/g, "")
    .replace(/^ {0,3}>.*$/gm, "")
    .replace(/^(?: {4}|\t).*$/gm, "");
}
