/** How a command ends, for scripts. */
export const exitCodes = {
  0: "done, and what was asked about is well",
  1: "what was asked about is not well, or what was asked for was refused or not done in time",
  2: "wrong usage",
  3: "the database can't be reached",
  4: "`executions follow`: the execution was cancelled",
  130: "ended by Ctrl-C; an execution goes on",
} as const;
export type ExitCode = keyof typeof exitCodes;

/** What was typed can't be meant. The message says what was expected. */
export class WrongUsage extends Error {
  override name = "WrongUsage";
}

/** There is no database to ask. The message says how to get one. */
export class Unreachable extends Error {
  override name = "Unreachable";
}
