// What has changed of an execution between two looks at it.
import { duration, oneLine } from "../shared/terminal-text.ts";
import type { Paint } from "./output.ts";
import type { ExecutionView } from "./rows/execution-view.ts";
import { cost, status as painted, utc } from "./wording.ts";

export type Change = { text: string; json: { at: Date } & Record<string, unknown> };

/** Gives a line for each attempt at a step that began, ended or waits since `before`, then one for the execution. */
export function changesSince(
  before: ExecutionView | undefined,
  after: ExecutionView,
  paint: Paint,
): Change[] {
  return [...stepChanges(before, after, paint), ...executionChanges(before, after, paint)];
}

function stepChanges(before: ExecutionView | undefined, after: ExecutionView, paint: Paint): Change[] {
  return after.steps.flatMap((step) => {
    const known = before?.steps.find(({ id }) => id === step.id);
    return step.attempts
      .filter(({ attempt, status }) => {
        const was = known?.attempts.find((one) => one.attempt === attempt);
        return status !== was?.status;
      })
      .map(({ attempt, status, error, durationMs, startedAt, finishedAt, retryAt }) => ({
        json: { at: finishedAt ?? startedAt, step: step.id, attempt, status, durationMs, error, retryAt },
        text: [
          `${painted(status, paint)}  ${step.name}`,
          attempt > 1 ? `attempt ${attempt}` : "",
          durationMs === null ? "" : duration(durationMs),
          status === "pending" && retryAt ? `not before ${utc(retryAt)}` : "",
          error ? oneLine(error, 300) : "",
        ]
          .filter(Boolean)
          .join("  "),
      }));
  });
}

function executionChanges(before: ExecutionView | undefined, after: ExecutionView, paint: Paint): Change[] {
  const { status, wish, error, costUsd, approval, wait } = after;
  const isSame =
    before?.status === status &&
    before.wish === wish &&
    before.approval?.hash === approval?.hash &&
    before.wait?.step === wait?.step;
  if (isSame) return [];
  const at = after.finishedAt ?? new Date();
  const text = [
    `${paint("bold", `${after.repository}#${after.number}`)}  ${painted(status, paint)}`,
    wish ? `asked to ${wish}` : "",
    after.finishedAt && after.durationMs !== null ? duration(after.durationMs) : "",
    after.finishedAt && costUsd > 0 ? cost(costUsd) : "",
    approval ? `comment \`/afu9 approve ${approval.hash.slice(0, 8)}\` or \`/afu9 reject\` on the issue` : "",
    wait ? `${wait.event ? `for ${wait.event}, ` : ""}until ${utc(wait.until)}` : "",
    error && after.finishedAt ? oneLine(error, 500) : "",
  ];
  return [
    {
      json: { at, execution: after.id, status, wish, error, costUsd, approval, wait },
      text: text.filter(Boolean).join("  "),
    },
  ];
}
