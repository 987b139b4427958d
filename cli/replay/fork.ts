// Goes on from a step of a recording for real: a live model, in a checkout of its own. What would be seen outside is not done.
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { GitHubApp } from "../../shared/github.ts";
import type { Logger } from "../../shared/logger.ts";
import { createRedact } from "../../shared/redact.ts";
import type { ToolStep } from "../../shared/step.ts";
import type { AgentDefinition } from "../../worker/agent/agent-definition.ts";
import { runAgentStep } from "../../worker/agent/run-agent-step.ts";
import type { StepResult, StepTask } from "../../worker/engine/run-workflow.ts";
import type { Message, Model } from "../../worker/llm/model.ts";
import type { McpServers } from "../../worker/tools/mcp-servers.ts";
import type { Registry } from "../../worker/tools/registry.ts";
import { createToolboxes, type OpenToolbox } from "../../worker/tools/toolbox.ts";
import { withTriggeredText } from "../../worker/tools/triggered-text.ts";
import { MayNotGoOn, memoryTranscripts } from "./recorded-agent.ts";
import type { Recording } from "./recording.ts";

export type ForkDeps = {
  registry: Registry;
  mcp: McpServers;
  secret: string;
  github: GitHubApp;
  agents: Map<string, AgentDefinition>;
  model: Model;
  budgetUsd: number;
  log: Logger;
  /** Is told of each message and each tool call. */
  onMessage(step: string, message: Message): void;
};

export type Fork = {
  run(task: StepTask): Promise<StepResult>;
  /** Removes the checkout, and closes the connections. */
  close(): Promise<void>;
};

const Checkout = z.object({ base: z.string() });

export function openFork(recording: Recording, deps: ForkDeps): Fork {
  const { installation, repository } = recording.trigger;
  const openServers = createToolboxes({
    // The workspace server keeps a checkout for each execution: this is another one.
    execution: { id: randomUUID(), trigger: recording.trigger },
    registry: deps.registry,
    mcp: deps.mcp,
    secret: deps.secret,
    audit: { record: async () => {} },
    redact: createRedact([deps.secret]),
    mintReadToken: () =>
      deps.github.mintToken({ installation, repo: repository.name, permissions: { contents: "read" } }),
  });
  const openToolbox: OpenToolbox = async (step) =>
    withTriggeredText(await openServers(step), recording.trigger);
  let hasCheckout = false;

  async function runTool(step: ToolStep, { inputs, signal }: StepTask): Promise<StepResult> {
    const toolbox = await openToolbox({ stepId: step.id, tools: [step.tool] });
    const isInside = step.tool.startsWith("workspace.");
    if (!isInside && !(await toolbox.isReadOnly(step.tool)))
      throw new MayNotGoOn(`The step ${step.id} would call ${step.tool} with ${JSON.stringify(inputs)}.`);
    const opened = Checkout.safeParse(recording.steps.get(step.id)?.output);
    const isCheckout = step.tool === "workspace.openWorkspace";
    hasCheckout ||= isCheckout;
    // The checkout begins at the commit where the recorded one began.
    const input = isCheckout && opened.success ? { ...inputs, ref: opened.data.base } : inputs;
    const result = await toolbox.call({ tool: step.tool, input, signal });
    if (result.isError) throw new Error(result.text);
    return { output: result.data ?? { text: result.text } };
  }

  return {
    async run(task) {
      const { step, inputs, signal } = task;
      if ("tool" in step) return runTool(step, task);
      if (!("agent" in step)) throw new MayNotGoOn(`The step ${step.id} would wait here.`);
      const store = memoryTranscripts([]);
      return {
        output: await runAgentStep(step, inputs, {
          ...deps,
          modelFor: async () => deps.model,
          config: recording.config,
          redact: createRedact(),
          background: recording.background,
          openToolbox,
          signal,
          transcripts: {
            ...store,
            open: async (run) => {
              const transcript = await store.open(run);
              const say = async (message: Message) => {
                await transcript.say(message);
                deps.onMessage(step.id, message);
              };
              return { ...transcript, say };
            },
          },
          steering: { pending: async () => [], said: async () => {} },
        }),
      };
    },
    async close() {
      if (hasCheckout) await closeCheckout(openToolbox);
      await deps.mcp.close();
    },
  };
}

async function closeCheckout(openToolbox: OpenToolbox): Promise<void> {
  const tool = "workspace.closeWorkspace";
  const toolbox = await openToolbox({ stepId: "close", tools: [tool] });
  await toolbox.call({ tool, input: {}, signal: AbortSignal.timeout(30_000) });
}
