// The whole loop of an agent.
import type { AssistantMessage, Model, ToolCallRequest, ToolMessage, ToolSpec } from "../llm/model.ts";
import type { Transcript } from "./transcript.ts";

export type AgentTask = {
  system: string;
  model: Model;
  transcript: Transcript;
  tools: ToolSpec[];
  /** Makes one call that the model asked for. A tool that fails is a result too. */
  call(request: ToolCallRequest): Promise<ToolMessage>;
  /** Adds what people have said to the agent since. */
  steer(transcript: Transcript): Promise<void>;
  /** Why the agent must stop now, if it must. */
  limitReached(transcript: Transcript): string | undefined;
  signal: AbortSignal;
};

/** `finished` carries the model's last words; `early` says why it did not get that far. */
export type AgentOutcome = { stopped: "finished"; answer: string } | { stopped: "early"; reason: string };

/**
 * Asks the model, makes the calls it wants, and repeats until it answers without one. A transcript that was saved
 * half-way goes on where it ended: no turn is asked for again, and no call made again that has its result.
 */
export async function runAgent(task: AgentTask): Promise<AgentOutcome> {
  const { transcript } = task;
  while (true) {
    const said = transcript.messages.at(-1);
    if (said?.role === "assistant" && said.unusable) return { stopped: "early", reason: said.unusable };

    for (const request of openCalls(transcript)) {
      task.signal.throwIfAborted();
      await transcript.say(await task.call(request));
    }
    await task.steer(transcript);
    const last = transcript.messages.at(-1);
    if (last?.role === "assistant") return { stopped: "finished", answer: last.text };

    const reason = task.limitReached(transcript);
    if (reason) return { stopped: "early", reason };
    const { system, tools, signal } = task;
    await transcript.say(await task.model.reply({ system, messages: transcript.messages, tools, signal }));
  }
}

/** The calls of the last turn that have no result yet, in their order. */
function openCalls({ messages }: Transcript): ToolCallRequest[] {
  const at = messages.findLastIndex((message) => message.role === "assistant");
  const turn: AssistantMessage | undefined = messages
    .slice(at, at + 1)
    .find((message) => message.role === "assistant");
  const answered = new Set(
    messages.slice(at + 1).flatMap((message) => (message.role === "tool" ? [message.callId] : [])),
  );
  return turn?.calls.filter((call) => !answered.has(call.id)) ?? [];
}
