// docs/commands.md is made of the same list as the parser and the help.
import type { WorkflowFile } from "../../shared/workflow.ts";
import { roleFor } from "../policy/command-roles.ts";
import { type Command, usageOf } from "./command.ts";
import { commands } from "./commands.ts";
import { commandTable, describe } from "./describe.ts";
import { ownCommands } from "./help.ts";
import { startsOf } from "./start.ts";

const begin = "<!-- The commands: made by `AFU9_UPDATE_DOCS=1 npm run jest -- app/commands/reference` -->";
const end = "<!-- The end of the commands -->";

/** Every command that AFU-9 and its own workflows have, in Markdown. */
function referenceOf(files: WorkflowFile[]): string {
  const starts = startsOf(files.map(({ definition, version }) => ({ id: version, definition })));
  const known = ownCommands(commands, starts);
  const role = (command: Command) => command.role ?? roleFor(command.name);
  const sections = known.map(
    (command) => `### \`${usageOf(command)}\`\n\n${describe(command, role(command)).en}`,
  );
  return [commandTable(known, role).en, ...sections].join("\n\n");
}

/** The page with what it says of the commands made anew; what stands around that stays. */
export function withReference(page: string, files: WorkflowFile[]): string {
  const [before, rest] = page.split(begin);
  const [, after] = rest?.split(end) ?? [];
  if (after === undefined) throw new Error(`Expected the lines ${begin} and ${end} in the page.`);
  return `${before}${begin}\n\n${referenceOf(files)}\n\n${end}${after}`;
}
