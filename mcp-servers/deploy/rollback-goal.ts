// Where a rollback goes to.
import { ToolFailure } from "../../shared/errors.ts";
import type { Target } from "../targets.ts";
import { isFromTarget } from "./image.ts";
import { isRolledBack, type PastDeployment } from "./read-history.ts";
import type { RunningService } from "./read-service.ts";
import { containerOf, type Revision, shortName } from "./task-definition.ts";

/** In a service's tags: the last rollback, as `<execution> <from> <to>`, written before it is done. */
export const rollbackTag = "afu9:rollback";

type Asked = {
  running: RunningService;
  history: PastDeployment[];
  execution: string;
  /** The number of the revision that was named. */
  revision?: number;
};

/** The task definition to go to, as `family:revision`, and the one that is left. `isDone` says why nothing is to be done. */
export type Goal = { from: string; to: string; isDone?: string };

export function rollbackGoal({ running, history, execution, revision }: Asked): Goal {
  const current = shortName(running.taskDefinition);
  const last = readTag(running.tags.get(rollbackTag));
  if (revision !== undefined) return named(current, revision, last);
  if (last?.execution === execution && last.to === current) {
    return { ...last, isDone: "This execution has rolled the service back already." };
  }
  if (history[0] && isRolledBack(history)) {
    const from = shortName(history[0].taskDefinition);
    return {
      from,
      to: current,
      isDone: "ECS's circuit breaker rolls, or has rolled, the service back by itself.",
    };
  }
  // What was left by the last rollback is no place to go back to.
  const good = history.find(({ status, taskDefinition }) => {
    const name = shortName(taskDefinition);
    return status === "SUCCESSFUL" && name !== current && name !== last?.from;
  });
  if (good) return { from: current, to: shortName(good.taskDefinition) };
  throw new ToolFailure(
    "ECS knows no completed deployment of another revision, so there is nothing to go back to. Name a revision to go to it.",
  );
}

/** Throws unless the revision can be run, and is what the target may run. */
export function requireRunnable(revision: Revision, target: Target): void {
  const name = shortName(revision.arn);
  const { image = "" } = containerOf(revision, target);
  if (revision.definition.status !== "ACTIVE") {
    throw new ToolFailure(
      `The revision ${name} is not active any more; nothing was changed. Name another revision.`,
    );
  }
  if (!isFromTarget(target, image)) {
    throw new ToolFailure(
      `The revision ${name} runs the image ${image}, and the service ${target.service} may only run images of ${target.image}. ` +
        "Nothing was changed. Name another revision.",
    );
  }
}

function named(current: string, revision: number, last: Goal | undefined): Goal {
  const to = `${current.slice(0, current.lastIndexOf(":"))}:${revision}`;
  if (to !== current) return { from: current, to };
  const from = last?.to === current ? last.from : current;
  return { from, to, isDone: `The service is at revision ${revision}, or on its way to it.` };
}

function readTag(tag: string | undefined): (Goal & { execution: string }) | undefined {
  const [execution, from, to] = tag?.split(" ") ?? [];
  return execution && from && to ? { execution, from, to } : undefined;
}
