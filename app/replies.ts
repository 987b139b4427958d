// What AFU-9 says to people in answer to what they did. Every reply says what to type next.
import type { Role } from "../shared/role.ts";

export function startFromIssue(): string {
  return "I start from issues. Write this on the issue instead.";
}

export function issueClosed(): string {
  return "This issue is closed. Reopen it, then write this again.";
}

export function refusedForRole(wish: string, needed: Role, actual: Role): string {
  return `I can't ${wish} for you: that needs the role \`${needed}\` in this repository, and yours is \`${actual}\`. Ask somebody who has it.`;
}

export function alreadyRunning(execution: string): string {
  return `I'm already working on this issue (execution \`${execution}\`). The comment above shows how far it is.`;
}

export function tooDeep(depth: number): string {
  return `I don't start here by myself any more: ${depth} executions led to this issue, each by opening an issue for the next, and that looks like a circle. If it is none, write a new issue in your own words and start there.`;
}

export function unknownCommand(name: string): string {
  return `There is no \`/afu9 ${shortened(name).replaceAll("`", "'")}\`. Try \`/afu9 help\`.`;
}

/** The line that is answered, as a quote. */
export function quoted(line: string): string {
  return `> ${shortened(line)}\n\n`;
}

/** A comment may be 65,536 characters in one line, and the answer to it no longer than that. */
function shortened(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200).toWellFormed()}…`;
}
