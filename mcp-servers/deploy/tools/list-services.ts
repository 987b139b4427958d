import { z } from "zod";
import { ToolFailure } from "../../../shared/errors.ts";
import { type Target, targetsOf } from "../../targets.ts";
import { deployTool } from "../deploy-tool.ts";
import { cluster } from "../inputs.ts";
import { type RunningService, readServices } from "../read-service.ts";
import { shortName } from "../task-definition.ts";

/** As many as one request describes. */
const perRequest = 10;

export const listServices = deployTool({
  name: "listServices",
  description:
    "The services of a cluster that this repository may deploy to, each with its environment, its counts of tasks, the revision " +
    "that it runs and how its rollout is. Other services are not shown.",
  effect: "read",
  input: z.object({ cluster }),
  output: z.object({
    services: z.array(
      z.object({
        service: z.string(),
        environment: z.string(),
        exists: z.boolean().describe("Whether ECS has such an active service"),
        desired: z.number(),
        running: z.number(),
        revision: z.string().describe("As family:revision"),
        rolloutState: z.string(),
        minCount: z.number(),
        maxCount: z.number(),
      }),
    ),
  }),
  async run(input, { ecs, targets }, call) {
    const own = targetsOf(targets, call.capability);
    const here = own.filter((target) => target.cluster === input.cluster);
    if (here.length === 0) throw nothingHere(own, input.cluster);
    const states = new Map<string, RunningService>();
    for (let start = 0; start < here.length; start += perRequest) {
      const names = here.slice(start, start + perRequest).map((target) => target.service);
      const found = await readServices({ ecs, signal: call.signal }, input.cluster, names);
      for (const { name, state } of found) states.set(name, state);
    }
    return { services: here.map((target) => shown(target, states.get(target.service))) };
  },
});

function shown({ service, environment, minCount, maxCount }: Target, state: RunningService | undefined) {
  return {
    service,
    environment,
    exists: state !== undefined,
    desired: state?.desired ?? 0,
    running: state?.running ?? 0,
    revision: shortName(state?.taskDefinition ?? ""),
    rolloutState: state?.deployments[0]?.rolloutState ?? "",
    minCount,
    maxCount,
  };
}

function nothingHere(own: Target[], cluster: string): ToolFailure {
  const clusters = [...new Set(own.map((target) => target.cluster))].join(", ");
  return new ToolFailure(
    `This execution may not look at the cluster ${cluster}. It may look at: ${clusters}.`,
  );
}
