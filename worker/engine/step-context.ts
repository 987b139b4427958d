// What expressions see: the trigger, the execution, and the steps before, in the words of GitHub Actions.
import { executionUrl } from "../../shared/execution-url.ts";
import type { RepositoryConfig } from "../../shared/repository-config.ts";
import type { Step } from "../../shared/step.ts";
import type { Trigger } from "../../shared/trigger.ts";
import type { Workflow } from "../../shared/workflow.ts";
import type { ExpressionContext } from "./expressions.ts";
import type { StepOutcome } from "./journal.ts";

export type Context = ExpressionContext & {
  values: { steps: object };
  /** Whether a step was cancelled. */
  isInterrupted: boolean;
};

export function contextOf({
  execution,
  definition,
  config,
  publicUrl,
}: {
  execution: { id: string; trigger: Trigger; round?: number };
  definition: Workflow;
  config: RepositoryConfig;
  publicUrl?: string | undefined;
}): Context {
  const {
    repository,
    issue,
    pullRequest,
    run,
    review,
    sender,
    instructions,
    command = "",
  } = execution.trigger;
  // The last digits of the id are random; they make names that belong to this execution alone.
  const key = execution.id.slice(-8);
  return {
    values: {
      repository,
      issue,
      // Of a trigger that has none, `pullRequest.number` is null.
      pullRequest,
      run,
      review,
      sender,
      instructions,
      command,
      config,
      execution: {
        ...{ id: execution.id, key, round: execution.round ?? 1, workflow: definition.name },
        link: linkTo(execution.id, publicUrl),
      },
      steps: {},
    },
    hasFailed: false,
    isCancelled: false,
    isInterrupted: false,
  };
}

/** In Markdown; where the app has no address that people reach, the id alone. */
function linkTo(id: string, publicUrl: string | undefined): string {
  const url = executionUrl(publicUrl, id);
  return url ? `[\`${id}\`](${url})` : `\`${id}\``;
}

/** Makes a step's outcome known to the steps after it. */
export function noteOutcome(context: Context, step: Step, outcome: StepOutcome): void {
  // New objects: what was made of the old ones for expressions is kept by their identity.
  const steps = { ...context.values.steps, [step.id]: resultOf(step, outcome) };
  context.values = { ...context.values, steps };
  if (outcome.status === "cancelled") context.isInterrupted = true;
  if (outcome.status === "failed" && !step["continue-on-error"]) context.hasFailed = true;
}

const words = { succeeded: "success", failed: "failure", skipped: "skipped", cancelled: "cancelled" };

/** `continue-on-error` changes the conclusion only. */
function resultOf(step: Step, outcome: StepOutcome) {
  const isForgiven = outcome.status === "failed" && step["continue-on-error"];
  return {
    outputs: "output" in outcome ? (outcome.output ?? {}) : {},
    outcome: words[outcome.status],
    conclusion: isForgiven ? "success" : words[outcome.status],
  };
}
