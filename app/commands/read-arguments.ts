// What stands after a command's name: Commander and string-argv read it, as they would on a command line.
import { CommanderError, Command as Program } from "commander";
import { parseArgsStringToArgv } from "string-argv";
import { Refusal } from "../../shared/errors.ts";
import { inAll, type Text } from "../../shared/language.ts";
import { misread, missing, tooLong, tooManyWords, unknownOption, withUsage } from "../replies/commands.ts";
import { inline } from "../replies/words.ts";
import { type Call, type Command, usageOf } from "./command.ts";
import type { Parsed } from "./parse.ts";

export type Arguments = Pick<Call, "args" | "instructions"> | "help";

/** More than any command's words. */
const longestWords = 1000;

/**
 * A text is taken as it was written. Words are split as a shell does, so that quotes work. Gives "help" when that is
 * asked for with `--help`. Throws a `Refusal` with the fault and the usage.
 */
export function readArguments(command: Command, { rest, below }: Pick<Parsed, "rest" | "below">): Arguments {
  if (/^(?:--help|-h)$/.test(rest)) return "help";
  if (command.text) {
    const instructions = [rest, below].filter(Boolean).join("\n\n");
    read(command, instructions ? ["--", instructions] : []);
    return { args: [], instructions };
  }
  if (rest.length > longestWords) throw misused(command, tooLong(longestWords, rest.length));
  return { args: read(command, parseArgsStringToArgv(rest)), instructions: "" };
}

function read(command: Command, argv: string[]): string[] {
  const program = new Program(command.name)
    .helpOption(false)
    .allowExcessArguments(false)
    .exitOverride()
    .configureOutput({ outputError() {}, writeErr() {} });
  const argument = command.words ?? command.text;
  if (argument) program.arguments(argument);
  try {
    return program.parse(argv, { from: "user" }).args;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    throw misused(command, faultOf(error, program));
  }
}

/** Commander's fault in our words. It quotes what the fault is about. */
function faultOf({ code, message }: CommanderError, { registeredArguments, args }: Program): Text {
  const [, value = ""] = message.match(/'(.*)'/s) ?? [];
  if (code === "commander.excessArguments") return tooManyWords(registeredArguments.length, args);
  if (code === "commander.missingArgument") return missing(value);
  if (code === "commander.unknownOption") return unknownOption(value);
  return inAll(inline(message));
}

function misused(command: Command, fault: Text): Refusal {
  return new Refusal(withUsage(misread(fault), command.name, usageOf(command)));
}
