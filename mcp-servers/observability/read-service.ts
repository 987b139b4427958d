import { DescribeServicesCommand, type ECSClient, type Service } from "@aws-sdk/client-ecs";
import { ToolFailure } from "../../shared/errors.ts";
import { cleaned } from "./log-lines.ts";
import type { ServiceState } from "./verdict.ts";

const maxEvents = 10;
const maxText = 300;

export type ReadService = {
  state: ServiceState;
  taskDefinition: string;
  targetGroupArns: string[];
  events: { time: string; message: string }[];
};

/** Throws `ToolFailure` when there is no such service. */
export async function readService(
  ecs: ECSClient,
  { cluster, service }: { cluster: string; service: string },
  abortSignal: AbortSignal,
): Promise<ReadService> {
  const command = new DescribeServicesCommand({ cluster, services: [service] });
  const { services = [] } = await ecs.send(command, { abortSignal });
  const [found] = services;
  if (!found) {
    throw new ToolFailure(
      `There is no service ${service} in the cluster ${cluster}. It may not be deployed yet, or its target in AFU9_DEPLOY_TARGETS names it wrongly.`,
    );
  }
  return {
    state: stateOf(found),
    taskDefinition: found.taskDefinition?.split("/").at(-1) ?? "",
    targetGroupArns: (found.loadBalancers ?? []).flatMap(({ targetGroupArn }) => targetGroupArn ?? []),
    events: (found.events ?? []).slice(0, maxEvents).map(({ createdAt, message = "" }) => ({
      time: createdAt?.toISOString() ?? "",
      message: cleaned(message).slice(0, maxText),
    })),
  };
}

function stateOf({
  status,
  runningCount,
  desiredCount,
  pendingCount,
  deployments = [],
}: Service): ServiceState {
  const primary = deployments.find((deployment) => deployment.status === "PRIMARY");
  return {
    status: status ?? "UNKNOWN",
    running: runningCount ?? 0,
    desired: desiredCount ?? 0,
    pending: pendingCount ?? 0,
    // Services without rolling updates tell no state.
    rollout: primary?.rolloutState ?? "UNKNOWN",
    rolloutReason: cleaned(primary?.rolloutStateReason ?? "").slice(0, maxText),
  };
}
