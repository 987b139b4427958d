// The commands as Commander takes them: help, unknown words and did-you-mean are its part.
import { type Argument, Help, Command as Program } from "commander";
import type { Deps } from "./command.ts";
import { commands } from "./commands/commands.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import type { Output } from "./output.ts";
import { typed } from "./wording.ts";

type Running = { deps: Deps; createOutput(isJson: boolean): Output; onEnd(code: ExitCode): void };

/** Builds the program. It throws Commander's errors and prints nothing but its help. */
export function createProgram({ deps, createOutput, onEnd }: Running): Program {
  const program = new Program("afu9")
    .usage("<command> [arguments] [options]")
    .description(`The command line of AFU-9. Type \`${typed} <command>\`, or \`node cli/main.ts <command>\`.`)
    .exitOverride()
    .configureOutput({ outputError: () => {} });
  const leaves: Program[] = [];
  program
    .configureHelp({
      formatHelp(one, help) {
        // Only here: elsewhere the visible commands are those that may have been meant by a mistyped one.
        if (one === program) help.visibleCommands = () => leaves;
        return Help.prototype.formatHelp.call(help, one, help);
      },
      subcommandTerm: (one) => usageOf(one, program),
    })
    .addHelpText("after", `\n${environmentHelp}\n\nExit codes:\n${exitCodeHelp()}`);

  for (const command of commands) {
    const words = command.usage.split(" ");
    const name = words.findLastIndex((word) => /^[a-z]/.test(word));
    const group = words.slice(0, name).reduce(groupOf, program);
    const leaf = group.command(words.slice(name).join(" ")).summary(command.summary);
    leaf.description([command.summary, command.details.replaceAll("\n", " ")].filter(Boolean).join("\n\n"));
    for (const { flags, description } of command.options) leaf.option(flags, description);
    leaf.option("--json", "print JSON");
    leaf.action(async () => {
      const { json, ...options } = leaf.opts();
      onEnd(await command.run({ args: leaf.args, options, deps, out: createOutput(Boolean(json)) }));
    });
    leaves.push(leaf);
  }
  return program;
}

const environmentHelp = `The database is DATABASE_URL, from the environment or the file .env. Without it, it is the PostgreSQL that
\`npm start\` runs in this folder. Executions are named by their id, or by six or more characters of its
beginning or its end.`;

function groupOf(parent: Program, name: string): Program {
  return parent.commands.find((one) => one.name() === name) ?? parent.command(name);
}

function usageOf(leaf: Program, program: Program): string {
  const names: string[] = [];
  for (let one: Program | null = leaf; one && one !== program; one = one.parent) names.unshift(one.name());
  return [...names, ...leaf.registeredArguments.map(argumentTerm)].join(" ");
}

function argumentTerm(argument: Argument): string {
  const term = `${argument.name()}${argument.variadic ? "..." : ""}`;
  return argument.required ? `<${term}>` : `[${term}]`;
}

function exitCodeHelp(): string {
  return Object.entries(exitCodes)
    .map(([code, meaning]) => `  ${code.padStart(3)}  ${meaning}`)
    .join("\n");
}
