import type { Command } from "./command.ts";

export function createHelp(list: () => Command[]): Command {
  return {
    name: "help",
    usage: "/afu9 help",
    summary: "Show what you can type.",
    wish: "show the help",
    role: "read",
    async run() {
      const rows = list().map(({ usage, summary, role }) => `| \`${usage}\` | ${summary} | ${role} |`);
      return ["| you type | what happens | role needed |", "|---|---|---|", ...rows].join("\n");
    },
  };
}
