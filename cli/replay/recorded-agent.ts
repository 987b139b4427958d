// An agent's model and tools out of a recording: each answers what it answered then, when it is asked the same.
import { isDeepStrictEqual } from "node:util";
import { PermanentFault } from "../../shared/errors.ts";
import { createRedact } from "../../shared/redact.ts";
import type { AgentDefinition } from "../../worker/agent/agent-definition.ts";
import { compactionDue } from "../../worker/agent/compaction.ts";
import type { Steering } from "../../worker/agent/steering.ts";
import type { AgentRun, Transcript, TranscriptStore } from "../../worker/agent/transcript.ts";
import type { Message, Model } from "../../worker/llm/model.ts";
import { ModelFault } from "../../worker/llm/model-fault.ts";
import type { OpenToolbox } from "../../worker/tools/toolbox.ts";
import { expectSame } from "./difference.ts";
import type { RecordedCall, RecordedRun, Recording } from "./recording.ts";

/** The recording does not go further: what was recorded as the step's error is how it ends. */
export class RecordingEnds extends PermanentFault {
  override name = "RecordingEnds";
}

/** What is done for real comes to a step that would be seen outside, or that waits: there it ends. */
export class MayNotGoOn extends RecordingEnds {
  override name = "MayNotGoOn";
}

/** What an agent step needs, for the step that is replayed. */
export function recordedAgent(stepId: string, recording: Recording, agents: Map<string, AgentDefinition>) {
  const run = recording.runs.get(stepId);
  const error = recording.steps.get(stepId)?.error;
  if (!run) throw new RecordingEnds(error ?? `No run of an agent is recorded for the step ${stepId}.`);
  const messages: Message[] = [];
  const verifications = (recording.calls.get(stepId) ?? []).values();

  return {
    modelFor: async () => recordedModel({ stepId, run, error }, messages),
    config: recording.config,
    // What is recorded has no secrets any more.
    redact: createRedact(),
    background: recording.background,
    transcripts: {
      ...memoryTranscripts(messages, (opened) => {
        if (run.system !== null) expectSame(stepId, "the agent's prompt", run.system, opened.system);
      }),
      spentUsd: async () => run.spentUsd,
    },
    steering: recordedSteering(run, messages, recording),
    openToolbox: recordedToolbox(run, messages, (tool) => nextCall(verifications, tool, stepId)),
    agents,
    budgetUsd: Number.POSITIVE_INFINITY,
  };
}

type Asked = { stepId: string; run: RecordedRun; error: string | null | undefined };

function recordedModel({ stepId, run, error }: Asked, messages: Message[]): Model {
  let seen = 0;
  const next = () => run.messages[messages.length];
  const isDue = () => isDeepStrictEqual(compactionDue(messages, noWindow), next());
  return {
    provider: run.provider === "openai" ? "openai" : "anthropic",
    name: run.model,
    maxOutputTokens: 0,
    costOf: () => 0,
    /** The window is full where it was then. */
    get contextTokens() {
      return isDue() ? 0 : Number.POSITIVE_INFINITY;
    },
    async reply() {
      for (; seen < messages.length; seen++) {
        const what = `message ${seen + 1} (${messages[seen]?.role})`;
        expectSame(stepId, what, withoutTimes(run.messages[seen]), withoutTimes(messages[seen]));
      }
      const reply = next();
      if (reply?.role === "assistant") return reply;
      if (reply?.role === "user" && reply.kind === "shrink")
        throw new ModelFault("The conversation was too long.", { kind: "context-overflow" });
      throw new RecordingEnds(error ?? `The recording of the step ${stepId} ends after ${seen} messages.`);
    },
  };
}

const noWindow = { contextTokens: 0, maxOutputTokens: 0 };

/** How long a tool took is no part of what was said. */
function withoutTimes(message: Message | undefined): object | undefined {
  return message?.role === "tool" ? { ...message, durationMs: 0 } : message;
}

/** Transcripts that nobody keeps. */
export function memoryTranscripts(
  messages: Message[],
  onOpen: (run: AgentRun) => void = () => {},
): TranscriptStore {
  const startedAt = performance.now();
  const transcript: Transcript = {
    messages,
    elapsedMs: () => performance.now() - startedAt,
    isSteered: () => true,
    say: async (message) => void messages.push(message),
    finish: async () => {},
  };
  return {
    async open(run) {
      onOpen(run);
      return transcript;
    },
    spentUsd: async () =>
      messages.reduce((sum, said) => sum + (said.role === "assistant" ? said.costUsd : 0), 0),
  };
}

/** What a person said comes at the turn where it came then. */
function recordedSteering(run: RecordedRun, messages: Message[], { steering }: Recording): Steering {
  return {
    async pending() {
      const next = run.messages[messages.length];
      if (next?.role !== "user" || next.kind !== "steer" || !next.control) return [];
      const said = steering.get(next.control);
      return said ? [{ id: next.control, ...said }] : [];
    },
    said: async () => {},
  };
}

function recordedToolbox(
  run: RecordedRun,
  messages: Message[],
  verification: (tool: string) => RecordedCall,
): OpenToolbox {
  return async ({ tools }) => ({
    specs: async () => run.tools,
    // One after the other: what comes next in the recording is the result.
    isReadOnly: async () => false,
    fullName: (name) => tools.find((tool) => tool.endsWith(`.${name}`)) ?? name,
    async call({ tool }) {
      const next = run.messages[messages.length];
      if (next?.role === "tool")
        return { text: next.text, isError: next.isError, mayPass: false, durationMs: next.durationMs };
      const { result, error } = verification(tool);
      if (error !== null) return { text: error, isError: true, mayPass: false, durationMs: 0 };
      return {
        text: "",
        data: result as Record<string, unknown>,
        isError: false,
        mayPass: false,
        durationMs: 0,
      };
    },
  });
}

function nextCall(calls: Iterator<RecordedCall>, tool: string, stepId: string): RecordedCall {
  for (let next = calls.next(); !next.done; next = calls.next()) {
    if (next.value.tool !== tool) continue;
    const { result } = next.value;
    if (typeof result === "object" && result !== null && "abridged" in result)
      throw new PermanentFault(
        `The answer of \`${tool}\` in the step ${stepId} was too large to be recorded whole: the replay can't go on from there.`,
      );
    return next.value;
  }
  throw new RecordingEnds(`No further call of \`${tool}\` is recorded for the step ${stepId}.`);
}
