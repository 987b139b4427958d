// What AFU-9 says to people in answer to what they did. Every reply says what to type next.
import type { Role } from "./policy/permission.ts";

export function refusedForRole(wish: string, needed: Role, actual: Role): string {
  return `I can't ${wish} for you: that needs the role \`${needed}\` in this repository, and yours is \`${actual}\`. Ask somebody who has it.`;
}

export function alreadyRunning(execution: string): string {
  return `I'm already working on this issue (execution \`${execution}\`). The comment above shows how far it is.`;
}

export function unknownCommand(name: string): string {
  return `There is no \`/afu9 ${name}\`. Try \`/afu9 help\`.`;
}

export function quoted(line: string): string {
  return `> ${line}\n\n`;
}
