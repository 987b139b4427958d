import { z } from "zod";
import { targetOf } from "../allowed-targets.ts";
import { deployTool } from "../deploy-tool.ts";
import { cluster, service } from "../inputs.ts";
import { Outcome, outcomeOf } from "../outcome.ts";
import { readHistory } from "../read-history.ts";
import { readService } from "../read-service.ts";
import { containerOf, readRevision, shortName } from "../task-definition.ts";

const shownEvents = 10;
const longestMessage = 400;

export const getServiceStatus = deployTool({
  name: "getServiceStatus",
  description:
    "How a service is: how its last rollout goes or ended (outcome), the counts of tasks, the revision and image it runs, " +
    "each deployment that still has tasks, what the circuit breaker did, and the last events.",
  effect: "read",
  input: z.object({ cluster, service }),
  output: z.object({
    environment: z.string(),
    outcome: Outcome,
    reason: z.string().describe("ECS's words for it"),
    desired: z.number(),
    running: z.number(),
    pending: z.number(),
    taskDefinition: z.string().describe("The ARN of what it runs, or is on its way to"),
    revision: z.number(),
    image: z.string(),
    deployments: z.array(
      z.object({
        id: z.string(),
        status: z.string(),
        rolloutState: z.string(),
        revision: z.string().describe("As family:revision"),
        desired: z.number(),
        running: z.number(),
        pending: z.number(),
        failed: z.number(),
        createdAt: z.string(),
      }),
    ),
    circuitBreaker: z.object({
      enabled: z.boolean(),
      rollback: z.boolean().describe("Whether it takes back what fails"),
      tripped: z.boolean().describe("Whether it gave up the newest deployment"),
    }),
    events: z.array(z.object({ at: z.string(), message: z.string() })).describe("The newest first"),
    earlierEvents: z.number().describe("How many events were left out"),
  }),
  async run(input, { ecs, targets }, call) {
    const target = targetOf(targets, call, input);
    const aws = { ecs, signal: call.signal };
    const state = await readService(aws, target);
    const [revision, history] = await Promise.all([
      readRevision(aws, state.taskDefinition),
      readHistory(aws, target),
    ]);
    const { outcome, reason, tripped } = outcomeOf(state, history);
    return {
      environment: target.environment,
      outcome,
      reason,
      desired: state.desired,
      running: state.running,
      pending: state.pending,
      taskDefinition: state.taskDefinition,
      revision: revision.number,
      image: containerOf(revision, target).image ?? "",
      deployments: state.deployments.map(({ taskDefinition, reason: _, ...one }) => ({
        ...one,
        revision: shortName(taskDefinition),
      })),
      circuitBreaker: { ...state.circuitBreaker, tripped },
      events: state.events
        .slice(0, shownEvents)
        .map(({ at, message }) => ({ at, message: message.slice(0, longestMessage) })),
      earlierEvents: Math.max(0, state.events.length - shownEvents),
    };
  },
});
