// One interface for every provider. A transcript is a list of these messages, and only ever grows.
import type { Usage } from "../../shared/models/prices.ts";
import type { Effort, ModelProvider } from "../../shared/repository-config.ts";

/** A call that the model wants made. With a `fault` it can't be: what the model wrote as arguments is no JSON object. */
export type ToolCallRequest = { id: string; name: string; input: Record<string, unknown>; fault?: string };

export type { Effort, Usage };

export type UserMessage = {
  role: "user";
  /**
   * What it is: the task, the output of a failed verification, a request to mend a malformed answer, a person's word, or
   * what the loop says itself: once more after a turn that can't be used (`again`), a request for a summary
   * (`summarise`), the summary, which takes the place of what it sums up (`compaction`), and which results of calls
   * are sent without most of their text from there on (`shrink`: it is not sent itself).
   */
  kind: "task" | "verification" | "repair" | "steer" | "again" | "summarise" | "compaction" | "shrink";
  /** Of a person's word: the control that brought it. */
  control?: string;
  /** Of a `shrink`: the ids of the calls before it whose results it is about. */
  shrinks?: string[];
  text: string;
};
export type AssistantMessage = {
  role: "assistant";
  text: string;
  calls: ToolCallRequest[];
  usage: Usage;
  costUsd: number;
  /** Why this is not the model's whole reply (it was cut, or refused): its text is no answer and its calls are not made. */
  unusable?: string;
  /** Of such a reply: the model, or its provider, did not want to give another. */
  isRefusal?: boolean;
  /** The provider's own form of this message, sent back as it came to whoever made it: provider, model and API. */
  native: Native;
};
/** Without a model or an API it is older than those: then it is of the provider's model of today, by its first API. */
export type Native = { provider: string; model?: string; api?: "chat"; content: unknown };
export type ToolMessage = {
  role: "tool";
  callId: string;
  name: string;
  text: string;
  isError: boolean;
  durationMs: number;
};
export type Message = UserMessage | AssistantMessage | ToolMessage;

/** A tool as the model sees it. The schema is JSON Schema. */
export type ToolSpec = { name: string; description: string; inputSchema: Record<string, unknown> };

export type ModelRequest = {
  system: string;
  messages: readonly Message[];
  tools: ToolSpec[];
  signal: AbortSignal;
};

export type Model = {
  provider: ModelProvider;
  /** The model's name at its provider. */
  name: string;
  /** Its window: the most tokens that a request and its reply may have together. */
  contextTokens: number;
  /** The most tokens that one reply may have, what the model thinks included. */
  maxOutputTokens: number;
  /** What so many tokens cost in USD. */
  costOf(usage: Usage): number;
  /** One turn. Throws a `ModelFault` that says what kind of fault it was; when `signal` was aborted, its reason. */
  reply(request: ModelRequest): Promise<AssistantMessage>;
};
