import { createLogger } from "../../../shared/logger.ts";
import { modelSettings } from "../../../shared/models/model-settings.ts";
import { createModels } from "../create-models.ts";
import type { AssistantMessage, Message, Model, ToolMessage, ToolSpec } from "../model.ts";

/** A key that no provider made, to be looked for where it must not be. */
export const apiKey = "a-key-that-nobody-may-see";

export const tools: ToolSpec[] = [
  {
    name: "readFile",
    description: "Read a file.",
    inputSchema: { type: "object", properties: { path: { type: "string" } } },
  },
];
export const task: Message = { role: "user", kind: "task", text: "What is wrong here?" };

/** The APIs that there are: both providers, and Chat Completions of a compatible server. */
export const apis = ["anthropic", "openai", "chat"] as const;
export type Api = (typeof apis)[number];

/** The model behind the real SDK, with an API at this address. More settings come before. */
export function modelAt(url: string, api: Api, more: Record<string, string> = {}): Model {
  const settings = {
    AFU9_MODEL_PROVIDER: api === "anthropic" ? "anthropic" : "openai",
    ...(api === "chat" && { AFU9_OPENAI_API: "chat" }),
    ...keysAt(url),
    ...more,
  };
  return createModels(modelSettings.parse(settings), { log: createLogger("test", "silent") }).modelFor();
}

export function keysAt(anthropic: string, openai = anthropic) {
  return {
    ANTHROPIC_API_KEY: apiKey,
    ANTHROPIC_BASE_URL: anthropic,
    OPENAI_API_KEY: apiKey,
    OPENAI_BASE_URL: `${openai}/v1`,
  };
}

export function ask(
  model: Model,
  messages: Message[] = [task],
  signal = new AbortController().signal,
): Promise<AssistantMessage> {
  return model.reply({ system: "You mend things.", messages, tools, signal });
}

/** What the model threw. Fails when it answered. */
export async function failureOf(reply: Promise<unknown>): Promise<Error> {
  const outcome = await reply.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof Error) return outcome;
  throw new Error("Expected an error, got an answer.");
}

/** The turn in which every call of a reply has its result. */
export function resultsOf(reply: AssistantMessage): ToolMessage[] {
  return reply.calls.map(({ id, name }) => ({
    role: "tool",
    callId: id,
    name,
    text: `content of ${id}`,
    isError: false,
    durationMs: 1,
  }));
}
