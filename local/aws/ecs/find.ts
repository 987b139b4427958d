// Names and ARNs as ECS takes them, and its words for what is not there.
import { AwsFault } from "../service.ts";
import type { World } from "../world.ts";
import type { Cluster, Service, TaskDefinition } from "./state.ts";

export function findCluster({ ecs }: World, reference = "default"): Cluster {
  const cluster = ecs.clusters.find(({ name, arn }) => name === reference || arn === reference);
  if (cluster) return cluster;
  throw new AwsFault("ClusterNotFoundException", "Cluster not found.");
}

export function findService(cluster: Cluster, reference: string): Service | undefined {
  return cluster.services.find(({ name, arn }) => name === reference || arn === reference);
}

export function mustFindService(cluster: Cluster, reference: string): Service {
  const service = findService(cluster, reference);
  if (service) return service;
  throw new AwsFault("ServiceNotFoundException", "Service not found.");
}

/** By ARN, by `family:revision`, or the newest active revision of a family. */
export function findTaskDefinition({ ecs }: World, reference: string): TaskDefinition | undefined {
  const known = ecs.taskDefinitions;
  const newest = known.findLast(({ family, status }) => family === reference && status === "ACTIVE");
  return (
    newest ?? known.find((one) => one.arn === reference || `${one.family}:${one.revision}` === reference)
  );
}

export function arn({ region, account }: World, resource: string): string {
  return `arn:aws:ecs:${region}:${account}:${resource}`;
}
