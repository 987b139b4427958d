// Agent steps on real rows, with the real SDK on a model that a test makes up, and tools that it makes up too.
import type { Pool } from "pg";
import { createLogger } from "../shared/logger.ts";
import { createRedact } from "../shared/redact.ts";
import { RepositoryConfig } from "../shared/repository-config.ts";
import { stepKinds } from "../shared/step.ts";
import { parseAgent } from "../worker/agent/agent-definition.ts";
import { runAgentStep } from "../worker/agent/run-agent-step.ts";
import { createSteering } from "../worker/agent/steering.ts";
import { createTranscriptStore, type Transcript } from "../worker/agent/transcript.ts";
import type { Claim } from "../worker/engine/claim.ts";
import { modelAt } from "../worker/llm/testing/asked.ts";
import type { Answer } from "../worker/llm/testing/serve.ts";
import type { Executions } from "./executions.ts";

const agent = parseAgent(
  `---
tools: [workspace.readFile, workspace.writeFile]
limits: { turns: 40, minutes: 10 }
output: { type: object, required: [title], properties: { title: { type: string } } }
---
Mend it.`,
  "mend",
);

export type Said = {
  text?: string;
  calls?: { id: string; name: string; input: Record<string, unknown> }[];
  /** The tokens of the request, as the provider counts them. */
  tokens?: number;
  stop?: string;
};

/** A turn of the model, as Anthropic's API streams it. */
export function says({ text = "", calls = [], tokens = 1_000, stop }: Said): Answer {
  const usage = { input_tokens: tokens, output_tokens: 1 };
  const message = { id: "msg_1", type: "message", role: "assistant", content: [], model: "x", usage };
  const blocks = [
    ...(text ? [{ block: { type: "text", text: "" }, delta: { type: "text_delta", text } }] : []),
    ...calls.map(({ input, ...call }) => ({
      block: { type: "tool_use", ...call, input: {} },
      delta: { type: "input_json_delta", partial_json: JSON.stringify(input) },
    })),
  ];
  const stop_reason = stop ?? (calls.length > 0 ? "tool_use" : "end_turn");
  return {
    events: [
      { type: "message_start", message },
      ...blocks.flatMap(({ block, delta }, index) => [
        { type: "content_block_start", index, content_block: block },
        { type: "content_block_delta", index, delta },
        { type: "content_block_stop", index },
      ]),
      { type: "message_delta", delta: { stop_reason }, usage: { output_tokens: 20 } },
      { type: "message_stop" },
    ],
  };
}

export type StepOptions = {
  url: string;
  /** What a call gives. */
  call?(name: string, input: Record<string, unknown>): string | Promise<string>;
  /** Is told of each message that was saved. What it throws ends the worker there. */
  onSaved?(count: number): void;
  inputs?: Record<string, unknown>;
  secrets?: string[];
  signal?: AbortSignal;
};

/** The messages to an agent, of people who may steer. */
export function steeringOf(claim: Claim, pool: Pool) {
  const log = createLogger("test", "silent");
  return createSteering(claim, { pool, refusalOf: async () => undefined, log });
}

/** Runs the step of an agent that answers with a title, for a worker that has the claim. */
export async function runStep({ db }: Executions, claim: Claim, options: StepOptions) {
  const { url, call = () => "ok", onSaved = () => {}, inputs = { issue: "It is broken." } } = options;
  const { signal = new AbortController().signal } = options;
  const calls: string[] = [];
  const transcripts = createTranscriptStore(db.pool, claim, { onChange() {} });
  const observed = (transcript: Transcript): Transcript => ({
    ...transcript,
    async say(message) {
      await transcript.say(message);
      onSaved(transcript.messages.length);
    },
  });
  const output = runAgentStep(stepKinds.agent.parse({ id: "mend", agent: "mend", with: {} }), inputs, {
    agents: new Map([["mend", agent]]),
    steering: steeringOf(claim, db.pool),
    transcripts: { ...transcripts, open: async (run) => observed(await transcripts.open(run)) },
    modelFor: async () => ({ ...modelAt(url, "anthropic"), contextTokens: 20_000, maxOutputTokens: 3_200 }),
    config: RepositoryConfig.parse({}),
    budgetUsd: 1_000,
    redact: createRedact(options.secrets),
    log: createLogger("test", "silent"),
    signal,
    openToolbox: async ({ tools }) => ({
      specs: async () =>
        ["readFile", "writeFile"].map((name) => ({
          ...{ name, description: "A tool.", inputSchema: { type: "object" } },
        })),
      isReadOnly: async (name) => name === "workspace.readFile",
      fullName: (name) => tools.find((tool) => tool.endsWith(`.${name}`)) ?? name,
      async call({ tool, input, signal }) {
        signal.throwIfAborted();
        calls.push(`${tool} ${JSON.stringify(input)}`);
        const text = await call(tool, input);
        signal.throwIfAborted();
        return { text, isError: false, mayPass: false, durationMs: 1 };
      },
    }),
  });
  return { output: await output.catch((error: unknown) => error), calls };
}
