// The kinds of error that mean something to AFU-9 (the fourth, a passing fault, is any other error).
import { inAll, type Text } from "./language.ts";

/**
 * Something a person asked for that will not be done. On GitHub they are shown the text, in the language of the repository;
 * the message is for rows, for logs and for the command line, which are in English, and so is a text that is only for these.
 */
export class Refusal extends Error {
  override name = "Refusal";
  text: Text;

  constructor(text: Text | string) {
    super(typeof text === "string" ? text : text.en);
    this.text = typeof text === "string" ? inAll(text) : text;
  }
}

/** A tool call that did not work. The message is shown to the model and says what to try instead. */
export class ToolFailure extends Error {
  override name = "ToolFailure";
}

/** A fault that trying again cannot cure. An execution that meets one fails at once. */
export class PermanentFault extends Error {
  override name = "PermanentFault";
}

/**
 * The work can't go on before a person has decided something, which the message asks for. The execution is paused at
 * the step that threw it, and no attempt of the step is used up.
 */
export class Parked extends Error {
  override name = "Parked";
}

/** What a signal is aborted with when a person cancels. The message says who did, or why. */
export class Cancelled extends Error {
  override name = "Cancelled";
}

/**
 * A step that has failed for good and may leave what it came to all the same, as its outputs: the steps after it may use
 * them where their `if` says so.
 */
export class FailedWithOutput extends PermanentFault {
  override name = "FailedWithOutput";
  output: unknown;

  constructor(message: string, output: unknown) {
    super(message);
    this.output = output;
  }
}

/** A passing fault that lasts for a time which is known: nothing is worth trying before it is over. */
export class Busy extends Error {
  override name = "Busy";
  waitSeconds: number;

  constructor(message: string, waitSeconds: number) {
    super(message);
    this.waitSeconds = waitSeconds;
  }
}

/** The message of anything that was thrown, with the cause where there is one. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : "";
  return `${error.message}${cause}`;
}
