// The whole loop of an agent.
import type { Message, UserMessage } from "../llm/model.ts";
import { type Asker, askModel } from "./ask-model.ts";
import { compactionDue, summaryIn } from "./compaction.ts";
import { type Caller, makeOpenCalls } from "./make-calls.ts";
import type { Stopped } from "./stops.ts";
import { stuckIn } from "./stuck.ts";
import type { Transcript } from "./transcript.ts";
import { wasAskedFor } from "./turns.ts";

export type AgentTask = Asker &
  Caller & {
    /** Adds what people have said to the agent since. */
    steer(transcript: Transcript): Promise<void>;
    /** Which of its limits it has reached, if it has. */
    limitReached(transcript: Transcript): Stopped | undefined;
  };

/** `finished` carries the model's last words. */
export type AgentOutcome = { stopped: "finished"; answer: string } | Stopped;

/**
 * Asks the model, makes the calls it wants, and repeats until it answers without one. A transcript that was saved
 * half-way goes on where it ended: no turn is asked for again, and no call made again that has its result. All that is
 * decided here is decided by the saved messages, so that another worker decides the same.
 */
export async function runAgent(task: AgentTask): Promise<AgentOutcome> {
  const { transcript, model } = task;
  while (true) {
    await makeOpenCalls(task);
    const followUp = followUpOn(transcript.messages);
    if (followUp) await transcript.say(followUp);
    await task.steer(transcript);

    const stop = endOf(transcript.messages) ?? stuck(transcript.messages) ?? task.limitReached(transcript);
    if (stop) return stop;

    const compaction = compactionDue(transcript.messages, model);
    if (compaction) await transcript.say(compaction);
    const turn = await askModel(task);
    if ("stopped" in turn) return turn;
    await transcript.say(turn);
  }
}

/** What the loop answers to a turn itself: it takes up a summary, and asks once more after a turn that is of no use. */
function followUpOn(messages: readonly Message[]): UserMessage | undefined {
  const last = messages.at(-1);
  if (last?.role !== "assistant" || last.isRefusal) return undefined;
  const summary = summaryIn(messages);
  if (summary) return summary;
  if (!last.unusable && (last.text.trim() || last.calls.length > 0)) return undefined;
  if (wasAskedFor("again", messages, messages.length - 1)) return undefined;
  return { role: "user", kind: "again", text: last.unusable ? wasCut : wasEmpty };
}

const wasCut =
  "Your last reply was cut off before its end, and none of its calls were made. Go on in smaller pieces: write a long file in several calls.";
const wasEmpty = "Your last reply was empty. Go on with your task, or give your answer.";

/** How the run ends with the model's last turn, if it does. */
function endOf(messages: readonly Message[]): AgentOutcome | undefined {
  const last = messages.at(-1);
  if (last?.role !== "assistant") return undefined;
  const { unusable, isRefusal, text, calls } = last;
  if (unusable) return { stopped: isRefusal ? "refused" : "cut", reason: unusable };
  if (text.trim() || calls.length > 0) return { stopped: "finished", answer: text };
  return { stopped: "empty", reason: "twice in a row the model said nothing" };
}

function stuck(messages: readonly Message[]): Stopped | undefined {
  const reason = stuckIn(messages);
  return reason === undefined ? undefined : { stopped: "stuck", reason };
}
