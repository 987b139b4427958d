import { type ECSClient, UpdateServiceCommand } from "@aws-sdk/client-ecs";
import type { Target } from "../targets.ts";

/** Has ECS run another task definition, or another number of tasks. Gives the id of the newest deployment. */
export async function changeService(
  { ecs, signal }: { ecs: ECSClient; signal: AbortSignal },
  { cluster, service }: Target,
  change: { taskDefinition: string } | { desiredCount: number },
): Promise<string> {
  const command = new UpdateServiceCommand({ cluster, service, ...change });
  const { service: changed } = await ecs.send(command, { abortSignal: signal });
  return changed?.deployments?.find(({ status }) => status === "PRIMARY")?.id ?? "";
}
