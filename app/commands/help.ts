import { roleFor } from "../policy/command-roles.ts";
import { brokenFiles } from "../replies.ts";
import type { Command } from "./command.ts";
import { startsOf } from "./start.ts";

export function createHelp(list: () => Command[]): Command {
  return {
    name: "help",
    usage: "/afu9 help",
    summary: "Show what you can type.",
    wish: "show the help",
    async run({ context, deps }) {
      const { workflows, broken } = await deps.repositoryWorkflows.of(context);
      const known = list();
      const isPublic = !context.payload.repository.private;
      const starts = startsOf([...deps.workflows, ...workflows]);
      const more = starts.filter(({ name }) => !known.some((command) => command.name === name));
      const rows = [...known, ...more].map(
        ({ name, usage, summary, role }) =>
          `| \`${usage}\` | ${summary.replaceAll("|", "\\|")} | ${role ?? roleFor(name, { isPublic })} |`,
      );
      const table = ["| you type | what happens | role needed |", "|---|---|---|", ...rows].join("\n");
      return broken.length ? `${table}\n\n${brokenFiles(broken)}` : table;
    },
  };
}
