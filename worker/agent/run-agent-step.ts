import { Cancelled, Parked, PermanentFault } from "../../shared/errors.ts";
import { publishedValue } from "../../shared/published-text.ts";
import type { AgentStep } from "../../shared/step.ts";
import type { StepDeps } from "../engine/step-deps.ts";
import type { ToolCallRequest, ToolMessage } from "../llm/model.ts";
import type { Toolbox } from "../tools/toolbox.ts";
import type { AgentDefinition } from "./agent-definition.ts";
import { askForAnswer, parseAnswer } from "./answer.ts";
import { taskMessage } from "./context.ts";
import { covering } from "./covering.ts";
import { type AgentTask, runAgent } from "./run-agent.ts";
import { deliverSteering } from "./steering.ts";
import { AgentStopped, type Outcome, type Stopped } from "./stops.ts";
import { redacted, type Transcript } from "./transcript.ts";
import { unverified } from "./unverified.ts";
import { evidence, parseVerification, type Verification, verificationFailed } from "./verification.ts";

type AgentStepDeps = Omit<StepDeps, "approvals" | "waits"> & { signal: AbortSignal };

/**
 * Runs an agent until it gives the answer its definition asks for and, with `until`, until that tool passes. Throws
 * `AgentStopped` when it does not come that far.
 */
export async function runAgentStep(
  step: AgentStep,
  inputs: Record<string, unknown>,
  deps: AgentStepDeps,
): Promise<Record<string, unknown>> {
  const agent = covering(deps.agents.get(step.agent), inputs);
  if (!agent)
    throw new PermanentFault(`There is no agent \`${step.agent}\`. Expected a file agents/${step.agent}.md.`);

  const { signal } = deps;
  const toolbox = await deps.openToolbox({ stepId: step.id, tools: agent.tools });
  const tools = await toolbox.specs();
  const { name, prompt: system } = agent;
  const model = await deps.modelFor(agent);
  const opened = await deps.transcripts.open({ stepId: step.id, agent: name, model, system, tools });
  const transcript = redacted(opened, deps.redact);
  const spentBefore = (await deps.transcripts.spentUsd()) - spentIn(transcript);
  try {
    if (transcript.messages.length === 0) {
      const text = await taskMessage({ inputs, toolbox, deps, signal });
      await transcript.say({ role: "user", kind: "task", text });
    }
    const task: AgentTask = {
      ...{ system, model, transcript, tools, signal },
      call: (request, signal) => callForAgent(request, toolbox, signal),
      isReadOnly: async (request) =>
        refusalOf(request, toolbox) !== undefined || toolbox.isReadOnly(toolbox.fullName(request.name)),
      steer: (soFar) => deliverSteering(deps.steering, soFar),
      limitReached: (soFar) => limitReached(soFar, agent, deps.budgetUsd - spentBefore),
    };
    const output = await verifiedAnswer(task, agent, step, deps);
    await transcript.finish("finished");
    return output;
  } catch (error) {
    const outcome = outcomeOf(error, signal);
    if (outcome) await transcript.finish(outcome);
    throw error;
  }
}

/** How a run ended that gave no answer. Undefined when it goes on later, here or elsewhere. */
function outcomeOf(error: unknown, { reason }: AbortSignal): Outcome | undefined {
  if (reason instanceof Cancelled) return "cancelled";
  if (reason instanceof DOMException && reason.name === "TimeoutError") return "time";
  if (reason !== undefined) return undefined;
  if (error instanceof AgentStopped) return error.outcome;
  if (error instanceof Parked) return "money";
  return error instanceof PermanentFault ? "fault" : undefined;
}

/** Lets the agent try again with what the verification found, as often as the step says. */
async function verifiedAnswer(
  task: AgentTask,
  agent: AgentDefinition,
  { id, until, rounds }: AgentStep,
  deps: AgentStepDeps,
): Promise<Record<string, unknown>> {
  const { transcript } = task;
  let failed: Verification | undefined;
  while (true) {
    const answer = await usableAnswer(task, agent, failed);
    if (!until) return answer;
    const verification = await verify(id, until, deps);
    if (verification.passed) return { ...answer, ...(await verified(verification, deps)) };

    failed = verification;
    const returned = transcript.messages.filter(
      (said) => said.role === "user" && said.kind === "verification",
    ).length;
    if (returned >= rounds) {
      const reason = `Verification failed ${returned + 1} times. The last time:\n${evidence(failed)}`;
      // What was written is not lost: the steps after this one may still propose it, for what it is.
      throw new AgentStopped("not-verified", reason, { ...answer, ...(await verified(failed, deps)) });
    }
    await transcript.say({ role: "user", kind: "verification", text: verificationFailed(failed) });
  }
}

/** What is said of a verification, and what the execution has cost until now. */
async function verified(verification: Verification, { transcripts }: AgentStepDeps) {
  const spent = `$${(await transcripts.spentUsd()).toFixed(4)}`;
  return { verification, evidence: evidence(verification), unverified: unverified(verification), spent };
}

/** Runs the agent until its answer fits its schema; a malformed one is asked for once more. */
async function usableAnswer(
  task: AgentTask,
  agent: AgentDefinition,
  failed: Verification | undefined,
): Promise<Record<string, unknown>> {
  const { transcript } = task;
  while (true) {
    const outcome = await runAgent(task).catch((error: unknown) => {
      if (!failed || !(error instanceof PermanentFault)) throw error;
      throw new PermanentFault(withEvidence(error.message, failed));
    });
    if (outcome.stopped !== "finished") {
      const reason = `The agent \`${agent.name}\` was stopped: ${outcome.reason}.`;
      throw new AgentStopped(outcome.stopped, withEvidence(reason, failed));
    }
    const answer = parseAnswer(outcome.answer, agent);
    if ("value" in answer) return publishedValue(answer.value) as Record<string, unknown>;
    if (lastAsked(transcript) === "repair") {
      const reason = `The agent \`${agent.name}\` gave no usable answer: ${answer.problem}.`;
      throw new AgentStopped("no-answer", withEvidence(reason, failed));
    }
    await transcript.say({ role: "user", kind: "repair", text: askForAnswer(answer.problem, agent) });
  }
}

/** Why it ended, with what the last verification found, if there was one. */
function withEvidence(reason: string, failed: Verification | undefined): string {
  return failed ? `${reason}\n\nThe last verification failed:\n${evidence(failed)}` : reason;
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
  const { id, name, input } = request;
  const refusal = refusalOf(request, toolbox);
  if (refusal) return { role: "tool", callId: id, name, text: refusal, isError: true, durationMs: 0 };

  const tool = toolbox.fullName(name);
  const { text, isError, durationMs } = await toolbox.call({ tool, input, signal });
  return { role: "tool", callId: id, name, text, isError, durationMs };
}

/** Why a call is not made at all. */
function refusalOf({ name, fault }: ToolCallRequest, { fullName }: Toolbox): string | undefined {
  if (fullName(name) === name) return `There is no tool ${name}. Use one of the tools that you were given.`;
  return fault;
}

function limitReached(
  transcript: Transcript,
  { limits }: AgentDefinition,
  budgetUsd: number,
): Stopped | undefined {
  const turns = transcript.messages.filter((message) => message.role === "assistant").length;
  if (turns >= limits.turns) return { stopped: "turns", reason: `it has used its ${limits.turns} turns` };
  if (transcript.elapsedMs() > limits.minutes * 60_000)
    return { stopped: "time", reason: `it has used its ${limits.minutes} minutes` };
  if (spentIn(transcript) >= budgetUsd)
    return { stopped: "money", reason: "the execution's budget is spent (AFU9_BUDGET_USD)" };
  return undefined;
}

function spentIn({ messages }: Transcript): number {
  return messages.reduce((sum, message) => sum + (message.role === "assistant" ? message.costUsd : 0), 0);
}

/** What was last asked of the agent, but for what the loop says itself. */
function lastAsked({ messages }: Transcript): string | undefined {
  const asked = messages.findLast(
    (message) =>
      message.role === "user" && ["task", "verification", "repair", "steer"].includes(message.kind),
  );
  return asked?.role === "user" ? asked.kind : undefined;
}
