// How a service's last deployments ended. `DescribeServices` shows only those that still have tasks.
import {
  DescribeServiceRevisionsCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
} from "@aws-sdk/client-ecs";
import type { Target } from "../targets.ts";

export type PastDeployment = {
  /** ECS's: SUCCESSFUL, IN_PROGRESS, ROLLBACK_SUCCESSFUL … */
  status: string;
  reason: string;
  /** The ARN of the task definition that it was to. */
  taskDefinition: string;
};

/** As many as one request describes. */
const longest = 20;

/** Newest first, at most twenty; ECS keeps them for 90 days. */
export async function readHistory(
  { ecs, signal }: { ecs: ECSClient; signal: AbortSignal },
  { cluster, service }: Target,
): Promise<PastDeployment[]> {
  const list = new ListServiceDeploymentsCommand({ cluster, service, maxResults: longest });
  const { serviceDeployments = [] } = await ecs.send(list, { abortSignal: signal });
  const serviceRevisionArns = [
    ...new Set(serviceDeployments.flatMap(({ targetServiceRevisionArn: arn }) => (arn ? [arn] : []))),
  ];
  if (serviceRevisionArns.length === 0) return [];
  const describe = new DescribeServiceRevisionsCommand({ serviceRevisionArns });
  const { serviceRevisions = [] } = await ecs.send(describe, { abortSignal: signal });
  const taskDefinitions = new Map(
    serviceRevisions.map((one) => [one.serviceRevisionArn, one.taskDefinition ?? ""]),
  );
  const time = (date: Date | undefined) => date?.getTime() ?? 0;
  return serviceDeployments
    .toSorted((one, other) => time(other.createdAt) - time(one.createdAt))
    .map(({ status = "", statusReason = "", targetServiceRevisionArn: arn }) => ({
      status,
      reason: statusReason,
      taskDefinition: taskDefinitions.get(arn) ?? "",
    }));
}

/** Whether ECS's circuit breaker takes, or took, the newest deployment back by itself. */
export function isRolledBack([newest]: PastDeployment[]): boolean {
  return newest?.status === "ROLLBACK_IN_PROGRESS" || newest?.status === "ROLLBACK_SUCCESSFUL";
}
