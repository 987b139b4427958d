import { closest } from "../../shared/closest.ts";
import { Refusal } from "../../shared/errors.ts";
import { inAll, paragraphs, type Text } from "../../shared/language.ts";
import type { Role } from "../../shared/role.ts";
import { roleFor } from "../policy/command-roles.ts";
import { helpFooter, theirHeading, unknownCommand } from "../replies/commands.ts";
import { brokenFiles } from "../replies/workflows.ts";
import type { SavedWorkflow } from "../start-execution.ts";
import { type Call, type Command, usageOf } from "./command.ts";
import { commandTable, describe } from "./describe.ts";
import { startsOf } from "./start.ts";

/** The list is asked for when help is: help is one of its entries. */
export function createHelp(list: () => Command[]): Command {
  return {
    name: "help",
    words: "[command]",
    summary: {
      en: "Show what you can type, or all about one command.",
      de: "Zeigen, was Sie schreiben können, oder alles über einen Befehl.",
    },
    wish: { en: "show the help", de: "Die Hilfe zeigen" },
    async run(call) {
      const { context, deps, args } = call;
      const { workflows, broken } = await deps.repositoryWorkflows.of(context);
      const { workflows: switches, roles } = await deps.configs.of(context);
      const isOn = ({ definition }: SavedWorkflow) => switches[definition.name] !== false;
      const own = ownCommands(list(), startsOf(deps.workflows.filter(isOn)));
      const theirs = startsOf(workflows.filter(isOn));
      const role = roleIn(context, roles);
      const [wanted] = args;
      if (wanted !== undefined) return helpOn(wanted.toLowerCase(), [...own, ...theirs], role);

      return paragraphs(
        commandTable(own, role),
        theirs.length > 0 && paragraphs(theirHeading(), commandTable(theirs, role)),
        broken.length > 0 && brokenFiles(broken),
        helpFooter(),
      );
    },
  };
}

/** A command of AFU-9's own comes before a workflow's of the same name, which it starts. */
export function ownCommands(list: Command[], starts: Command[]): Command[] {
  return [...list, ...starts.filter(({ name }) => !list.some((command) => command.name === name))];
}

function roleIn({ payload }: Call["context"], roles: Record<string, Role>) {
  const setting = { roles, isPublic: !payload.repository.private };
  return ({ name, role }: Command) => role ?? roleFor(name, setting);
}

function helpOn(name: string, known: Command[], role: (command: Command) => string): Text {
  const found = known.find((command) => command.name === name);
  if (!found) {
    const names = known.map((command) => command.name);
    throw new Refusal(unknownCommand(name, closest(name, names)));
  }
  return paragraphs(inAll(`**\`${usageOf(found)}\`**`), describe(found, role(found)));
}
