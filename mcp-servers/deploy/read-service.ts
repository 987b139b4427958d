// A service of ECS in our own shape.
import { DescribeServicesCommand, type ECSClient, type Service } from "@aws-sdk/client-ecs";
import { ToolFailure } from "../../shared/errors.ts";
import type { Target } from "../targets.ts";

export type RunningService = {
  arn: string;
  /** The ARN of the task definition that it runs, or is on its way to. */
  taskDefinition: string;
  desired: number;
  running: number;
  pending: number;
  /** Newest first. */
  deployments: Deployment[];
  circuitBreaker: { enabled: boolean; rollback: boolean };
  /** Newest first. */
  events: { at: string; message: string }[];
  tags: Map<string, string>;
};

export type Deployment = {
  id: string;
  status: string;
  rolloutState: string;
  reason: string;
  taskDefinition: string;
  desired: number;
  running: number;
  pending: number;
  failed: number;
  createdAt: string;
};

type Context = { ecs: ECSClient; signal: AbortSignal };

/** Reads a target's service. Throws when ECS does not have it. */
export async function readService(context: Context, target: Target): Promise<RunningService> {
  const [service] = await readServices(context, target.cluster, [target.service]);
  if (service) return service.state;
  throw new ToolFailure(
    `The cluster ${target.cluster} has no active service ${target.service}. An operator must create it, or correct AFU9_DEPLOY_TARGETS.`,
  );
}

/** Reads those of at most ten services of a cluster that are there. */
export async function readServices({ ecs, signal }: Context, cluster: string, names: string[]) {
  const asked = new DescribeServicesCommand({ cluster, services: names, include: ["TAGS"] });
  const { services = [] } = await ecs.send(asked, { abortSignal: signal });
  return services
    .filter(({ status }) => status === "ACTIVE")
    .map((service) => ({ name: service.serviceName ?? "", state: stateOf(service) }));
}

function stateOf(service: Service): RunningService {
  const { enable = false, rollback = false } =
    service.deploymentConfiguration?.deploymentCircuitBreaker ?? {};
  return {
    arn: service.serviceArn ?? "",
    taskDefinition: service.taskDefinition ?? "",
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    pending: service.pendingCount ?? 0,
    deployments: deploymentsOf(service),
    circuitBreaker: { enabled: enable, rollback },
    events: (service.events ?? []).map(({ createdAt, message }) => ({
      at: createdAt?.toISOString() ?? "",
      message: message ?? "",
    })),
    tags: new Map(service.tags?.map(({ key = "", value = "" }) => [key, value])),
  };
}

function deploymentsOf({ deployments = [] }: Service): Deployment[] {
  return deployments.map((one) => ({
    id: one.id ?? "",
    status: one.status ?? "",
    rolloutState: one.rolloutState ?? "",
    reason: one.rolloutStateReason ?? "",
    taskDefinition: one.taskDefinition ?? "",
    desired: one.desiredCount ?? 0,
    running: one.runningCount ?? 0,
    pending: one.pendingCount ?? 0,
    failed: one.failedTasks ?? 0,
    createdAt: one.createdAt?.toISOString() ?? "",
  }));
}
