import { PermanentFault } from "../../shared/errors.ts";
import type { AgentStep } from "../../shared/workflow.ts";
import type { StepDeps } from "../engine/step-deps.ts";
import type { ToolCallRequest, ToolMessage } from "../llm/model.ts";
import type { Toolbox } from "../tools/toolbox.ts";
import type { AgentDefinition } from "./agent-definition.ts";
import { askForAnswer, parseAnswer } from "./answer.ts";
import { taskMessage } from "./context.ts";
import { runAgent } from "./run-agent.ts";
import type { Transcript } from "./transcript.ts";
import { evidence, parseVerification, verificationFailed } from "./verification.ts";

/** Runs an agent until it gives the answer its definition asks for and, with `until`, until that tool passes. */
export async function runAgentStep(
  step: AgentStep,
  inputs: Record<string, unknown>,
  deps: StepDeps,
): Promise<Record<string, unknown>> {
  const agent = deps.agents.get(step.agent);
  if (!agent)
    throw new PermanentFault(`There is no agent \`${step.agent}\`. Expected a file agents/${step.agent}.md.`);

  await using toolbox = await deps.openToolbox({ stepId: step.id, tools: agent.tools });
  const transcript = await deps.transcripts.open({ stepId: step.id, agent: agent.name, model: deps.model });
  const spentBefore = (await deps.transcripts.spentUsd()) - spentIn(transcript);
  const tools = await toolbox.specs();
  if (transcript.messages.length === 0)
    await transcript.say({ role: "user", kind: "task", text: taskMessage(inputs) });

  while (true) {
    const outcome = await runAgent({
      system: agent.prompt,
      model: deps.model,
      transcript,
      tools,
      call: (request) => callForAgent(request, toolbox, deps.signal),
      limitReached: (soFar) => limitReached(soFar, agent, deps.budgetUsd - spentBefore),
      signal: deps.signal,
    });
    if (outcome.stopped === "limit")
      return fail(transcript, `The agent \`${agent.name}\` was stopped: ${outcome.limit}.`);

    const answer = parseAnswer(outcome.answer, agent);
    if ("problem" in answer) {
      if (lastUserKind(transcript) === "repair")
        return fail(transcript, `The agent \`${agent.name}\` gave no usable answer: ${answer.problem}.`);
      await transcript.say({ role: "user", kind: "repair", text: askForAnswer(answer.problem, agent) });
      continue;
    }
    if (!step.until) {
      await transcript.finish("finished");
      return answer.value;
    }
    const verification = await verify(step, step.until, deps);
    if (verification.passed) {
      await transcript.finish("finished");
      return { ...answer.value, verification, evidence: evidence(verification) };
    }
    const rounds =
      1 +
      transcript.messages.filter((message) => message.role === "user" && message.kind === "verification")
        .length;
    if (rounds >= step.rounds) {
      return fail(
        transcript,
        `Verification failed ${rounds} times. The last time:\n${evidence(verification)}`,
      );
    }
    await transcript.say({ role: "user", kind: "verification", text: verificationFailed(verification) });
  }
}

async function fail(transcript: Transcript, reason: string): Promise<never> {
  await transcript.finish(reason);
  throw new PermanentFault(reason);
}

async function verify(step: AgentStep, tool: string, deps: StepDeps) {
  await using toolbox = await deps.openToolbox({ stepId: step.id, tools: [tool] });
  const answer = await toolbox.call({ tool, input: {}, signal: deps.signal });
  if (answer.isError) throw new PermanentFault(`\`${tool}\` could not be done: ${answer.text}`);
  return parseVerification(answer.data, tool);
}

/** Makes a call for the model. What goes wrong with a tool is an answer the model can act on. */
async function callForAgent(
  request: ToolCallRequest,
  toolbox: Toolbox,
  signal: AbortSignal,
): Promise<ToolMessage> {
  const { id, name, input } = request;
  const tool = toolbox.fullName(name);
  if (tool === name) {
    const text = `There is no tool ${name}. Use one of the tools that you were given.`;
    return { role: "tool", callId: id, name, text, isError: true, durationMs: 0 };
  }
  const { text, isError, durationMs } = await toolbox.call({ tool, input, signal });
  return { role: "tool", callId: id, name, text, isError, durationMs };
}

function limitReached(
  transcript: Transcript,
  { limits }: AgentDefinition,
  budgetUsd: number,
): string | undefined {
  const turns = transcript.messages.filter((message) => message.role === "assistant").length;
  if (turns >= limits.turns) return `it has used its ${limits.turns} turns`;
  if (transcript.elapsedMs() > limits.minutes * 60_000) return `it has used its ${limits.minutes} minutes`;
  if (spentIn(transcript) >= budgetUsd) return "the execution's budget is spent (AFU9_BUDGET_USD)";
  return undefined;
}

function spentIn({ messages }: Transcript): number {
  return messages.reduce((sum, message) => sum + (message.role === "assistant" ? message.costUsd : 0), 0);
}

function lastUserKind({ messages }: Transcript): string | undefined {
  return messages.findLast((message) => message.role === "user")?.kind;
}
