// How commands are shown to people, in help and in docs/commands.md.
import { placeNames } from "../replies.ts";
import { type Command, usageOf } from "./command.ts";

type RoleOf = (command: Command) => string;

/** A row for each command. */
export function commandTable(commands: Command[], roleOf: RoleOf): string {
  const rows = commands.map(
    (command) =>
      `| \`${usageOf(command)}\` | ${command.summary.replaceAll("|", "\\|")} | ${roleOf(command)} |`,
  );
  return ["| you type | what happens | role needed |", "|---|---|---|", ...rows].join("\n");
}

/** All there is to say of one command, below its usage. */
export function describe({ summary, details, places, text }: Command, role: string): string {
  const where = places ? placeNames(places) : "issues and pull requests";
  const facts = [
    `Works on ${where}, for who has the role \`${role}\`.`,
    text && "What it takes may go on in the lines below, up to the next command.",
  ];
  return [summary, details, facts.filter(Boolean).join(" ")].filter(Boolean).join("\n\n");
}
