// The one list of commands: the parser, the help and the check of the role loop over it.
import type { Command } from "./command.ts";
import { createHelp } from "./help.ts";
import { run } from "./run.ts";

export const commands: Command[] = [createHelp(() => commands), run];
