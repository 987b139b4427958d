import { PermanentFault } from "../../shared/errors.ts";
import type { AgentStep } from "../../shared/step.ts";
import type { StepDeps } from "../engine/step-deps.ts";
import type { ToolCallRequest, ToolMessage } from "../llm/model.ts";
import type { Toolbox } from "../tools/toolbox.ts";
import type { AgentDefinition } from "./agent-definition.ts";
import { askForAnswer, parseAnswer } from "./answer.ts";
import { taskMessage } from "./context.ts";
import { type AgentTask, runAgent } from "./run-agent.ts";
import { deliverSteering } from "./steering.ts";
import type { Transcript } from "./transcript.ts";
import { evidence, parseVerification, type Verification, verificationFailed } from "./verification.ts";

type AgentStepDeps = Omit<StepDeps, "approvals" | "waits"> & { signal: AbortSignal };

/** Runs an agent until it gives the answer its definition asks for and, with `until`, until that tool passes. */
export async function runAgentStep(
  step: AgentStep,
  inputs: Record<string, unknown>,
  deps: AgentStepDeps,
): Promise<Record<string, unknown>> {
  const agent = deps.agents.get(step.agent);
  if (!agent)
    throw new PermanentFault(`There is no agent \`${step.agent}\`. Expected a file agents/${step.agent}.md.`);

  const toolbox = await deps.openToolbox({ stepId: step.id, tools: agent.tools });
  const tools = await toolbox.specs();
  const { name, prompt: system } = agent;
  const model = await deps.modelFor(agent);
  const run = { stepId: step.id, agent: name, model, system, tools };
  const transcript = await deps.transcripts.open(run);
  const spentBefore = (await deps.transcripts.spentUsd()) - spentIn(transcript);
  if (transcript.messages.length === 0)
    await transcript.say({ role: "user", kind: "task", text: taskMessage(inputs) });

  const task: AgentTask = {
    system,
    model,
    transcript,
    tools,
    call: (request) => callForAgent(request, toolbox, deps.signal),
    steer: (soFar) => deliverSteering(deps.steering, soFar),
    limitReached: (soFar) => limitReached(soFar, agent, deps.budgetUsd - spentBefore),
    signal: deps.signal,
  };
  let failed: Verification | undefined;
  while (true) {
    const answer = await usableAnswer(task, agent, failed);
    const verification = step.until ? await verify(step.id, step.until, deps) : undefined;
    if (!verification || verification.passed) {
      await transcript.finish("finished");
      return verification ? { ...answer, verification, evidence: evidence(verification) } : answer;
    }
    failed = verification;
    const returned = transcript.messages.filter(
      (said) => said.role === "user" && said.kind === "verification",
    ).length;
    if (returned >= step.rounds) {
      return fail(
        transcript,
        `Verification failed ${returned + 1} times. The last time:\n${evidence(failed)}`,
      );
    }
    await transcript.say({ role: "user", kind: "verification", text: verificationFailed(failed) });
  }
}

/** Runs the agent until its answer fits its schema; a malformed one is asked for once more. */
async function usableAnswer(
  task: AgentTask,
  agent: AgentDefinition,
  failed?: Verification,
): Promise<Record<string, unknown>> {
  const { transcript } = task;
  while (true) {
    const outcome = await runAgent(task).catch((error: unknown) => {
      throw error instanceof PermanentFault ? new PermanentFault(withEvidence(error.message, failed)) : error;
    });
    if (outcome.stopped === "early") {
      return fail(
        transcript,
        withEvidence(`The agent \`${agent.name}\` was stopped: ${outcome.reason}.`, failed),
      );
    }
    const answer = parseAnswer(outcome.answer, agent);
    if ("value" in answer) return answer.value;
    if (lastUserKind(transcript) === "repair") {
      const reason = `The agent \`${agent.name}\` gave no usable answer: ${answer.problem}.`;
      return fail(transcript, withEvidence(reason, failed));
    }
    await transcript.say({ role: "user", kind: "repair", text: askForAnswer(answer.problem, agent) });
  }
}

/** Why it ended, with what the last verification found, if there was one. */
function withEvidence(reason: string, failed: Verification | undefined): string {
  return failed ? `${reason}\n\nThe last verification failed:\n${evidence(failed)}` : reason;
}

async function fail(transcript: Transcript, reason: string): Promise<never> {
  await transcript.finish(reason);
  throw new PermanentFault(reason);
}

async function verify(stepId: string, tool: string, deps: AgentStepDeps): Promise<Verification> {
  const toolbox = await deps.openToolbox({ stepId, tools: [tool] });
  const answer = await toolbox.call({ tool, input: {}, signal: deps.signal });
  if (answer.mayPass) throw new Error(`\`${tool}\` could not be done now: ${answer.text}`);
  if (answer.isError) throw new PermanentFault(`\`${tool}\` could not be done: ${answer.text}`);
  return parseVerification(answer.data, tool);
}

/** Makes a call for the model. What goes wrong with a tool is an answer the model can act on. */
async function callForAgent(
  request: ToolCallRequest,
  toolbox: Toolbox,
  signal: AbortSignal,
): Promise<ToolMessage> {
  const { id, name, input, fault } = request;
  const tool = toolbox.fullName(name);
  const refusal =
    tool === name ? `There is no tool ${name}. Use one of the tools that you were given.` : fault;
  if (refusal) return { role: "tool", callId: id, name, text: refusal, isError: true, durationMs: 0 };

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
