// How an agent's run may end, and what people read of it.
import { FailedWithOutput } from "../../shared/errors.ts";

/**
 * How a run ended, as its row says it (`agent_runs.outcome`):
 * - `finished`: it gave its answer and, with `until`, what it did was verified.
 * - `turns`, `time`: it used up its limits.
 * - `money`: it waits until a person allows more, and goes on then.
 * - `cancelled`: a person stopped it.
 * - `stuck`: it came no further.
 * - `refused`: the model, or its provider, did not want to.
 * - `cut`: twice in a row its reply was longer than a reply may be.
 * - `empty`: twice in a row it said nothing.
 * - `too-long`: the conversation did not fit into the model's window, also after all of it that may go was left out.
 * - `no-answer`: its answer did not have the form that is asked for, twice in a row.
 * - `not-verified`: what it did failed its verification in every round.
 * - `fault`: something that trying again can't cure.
 */
export type Outcome =
  | "finished"
  | "turns"
  | "time"
  | "money"
  | "cancelled"
  | "stuck"
  | "refused"
  | "cut"
  | "empty"
  | "too-long"
  | "no-answer"
  | "not-verified"
  | "fault";

/** Why the loop ended before the model gave its answer: the end of "the agent was stopped: …". */
export type Stopped = { stopped: Exclude<Outcome, "finished">; reason: string };

/**
 * The failure of a step whose agent gave no answer that can be used. The message is for people. What was not verified is
 * its output all the same.
 */
export class AgentStopped extends FailedWithOutput {
  override name = "AgentStopped";
  outcome: Outcome;

  constructor(outcome: Outcome, message: string, output?: Record<string, unknown>) {
    super(message, output);
    this.outcome = outcome;
  }
}
