import { TagResourceCommand } from "@aws-sdk/client-ecs";
import { z } from "zod";
import type { Target } from "../../targets.ts";
import type { ToolCall } from "../../tool.ts";
import { targetOf } from "../allowed-targets.ts";
import { changeService } from "../change-service.ts";
import { deployTool } from "../deploy-tool.ts";
import type { DeployDeps } from "../deps.ts";
import { cluster, existed, revisionNumber, service } from "../inputs.ts";
import { readHistory } from "../read-history.ts";
import { readService } from "../read-service.ts";
import { requireRunnable, rollbackGoal, rollbackTag } from "../rollback-goal.ts";
import { containerOf, readRevision } from "../task-definition.ts";

const RolledBack = z.object({
  environment: z.string(),
  image: z.string().describe("The image that the service was told to run"),
  from: z.string().describe("The task definition that is left, as family:revision"),
  to: z.string().describe("The one that is gone back to"),
  taskDefinition: z.string().describe("Its ARN"),
  revision: z.number(),
  existed,
  note: z.string().optional(),
});

export const rollbackService = deployTool({
  name: "rollbackService",
  description:
    "Go back to the task definition of the last completed deployment that is not the current one, or to a named revision of the " +
    "same family. It does not wait: look with getServiceStatus. Called again by the same execution it goes no further back; " +
    "when ECS has rolled back by itself, nothing is changed.",
  effect: "write",
  idempotent: true,
  input: z.object({
    cluster,
    service,
    revision: revisionNumber.optional().describe("The number of a revision of the service's family"),
  }),
  output: RolledBack,
  async run(input, deps, call) {
    const target = targetOf(deps.targets, call, input);
    return deps.inLock(target, () => rollBack(target, input.revision, deps, call));
  },
});

async function rollBack(target: Target, revision: number | undefined, { ecs }: DeployDeps, call: ToolCall) {
  const aws = { ecs, signal: call.signal };
  const { execution } = call.capability;
  const running = await readService(aws, target);
  const history = revision === undefined ? await readHistory(aws, target) : [];
  const { from, to, isDone } = rollbackGoal({ running, history, execution, revision });
  const goal = await readRevision(aws, to);
  const { image = "" } = containerOf(goal, target);
  const { environment } = target;
  const answer = { environment, image, from, to, taskDefinition: goal.arn, revision: goal.number };
  if (isDone) return { ...answer, existed: true, note: isDone };

  requireRunnable(goal, target);
  const tags = [{ key: rollbackTag, value: `${execution} ${from} ${to}` }];
  await ecs.send(new TagResourceCommand({ resourceArn: running.arn, tags }), { abortSignal: call.signal });
  await changeService(aws, target, { taskDefinition: goal.arn });
  return { ...answer, existed: false };
}
