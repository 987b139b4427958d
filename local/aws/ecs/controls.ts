// What a test or the demo does to the local ECS: it makes services, says how rollouts go, and takes them on.
import type { z } from "zod";
import type { World } from "../world.ts";
import { arn, findCluster, findTaskDefinition, mustFindService } from "./find.ts";
import { newTaskDefinition, register } from "./operations/task-definitions.ts";
import { advance, runAlready } from "./rollout.ts";
import type { Play, Service } from "./state.ts";

type Named = { cluster: string; service: string };
type NewService = Named & {
  taskDefinition: z.input<typeof newTaskDefinition>;
  desiredCount?: number;
  circuitBreaker?: { enable: boolean; rollback: boolean };
  /** The ARNs of the target groups that its tasks are registered with. */
  targetGroups?: string[];
};

export function ecsControls(world: World) {
  const { ecs } = world;
  const find = ({ cluster, service }: Named) => mustFindService(findCluster(world, cluster), service);
  return {
    addCluster({ name }: { name: string }): void {
      ecs.clusters.push({ name, arn: arn(world, `cluster/${name}`), services: [] });
    },
    /** A service that has been running for long. Its task definition is registered with it. */
    addService(added: NewService): { taskDefinition: string } {
      const taskDefinition = register(world, newTaskDefinition.parse(added.taskDefinition));
      const service = newService(world, added);
      runAlready(world, service, taskDefinition);
      service.cluster.services.push(service);
      return { taskDefinition: taskDefinition.arn };
    },
    removeService({ cluster, service }: Named): void {
      const { services } = findCluster(world, cluster);
      services.splice(services.indexOf(find({ cluster, service })), 1);
    },
    /** How the coming rollouts go, one after the other; the last is for all that follow. */
    play({ plays, ...named }: Named & { plays: Play[] }): void {
      find(named).plays = plays;
    },
    /** Whether rollouts go on with each look at the service (as at first), or by `advance` alone. */
    advanceByRequest({ on }: { on: boolean }): void {
      ecs.advancesByRequest = on;
    },
    advance({ steps = 1 }: { steps?: number } = {}): void {
      const services = ecs.clusters.flatMap((cluster) => cluster.services);
      for (let step = 0; step < steps; step += 1) for (const service of services) advance(world, service);
    },
    /** How a service is, for assertions. */
    service(named: Named) {
      const { desiredCount, deployments, history, tags } = find(named);
      return {
        desiredCount,
        tags,
        deployments: deployments.map(({ taskDefinition, rolloutState }) => ({
          revision: taskDefinition.revision,
          rolloutState,
        })),
        history: history.map(({ status, taskDefinition }) => ({ status, revision: taskDefinition.revision })),
      };
    },
    /** Every revision of a family as it was registered. */
    revisions({ family }: { family: string }) {
      return ecs.taskDefinitions
        .filter((one) => one.family === family)
        .map(({ revision, status, registered, tags }) => ({ revision, status, registered, tags }));
    },
    /** Makes a revision inactive, as deregistering it does. */
    deregister({ taskDefinition }: { taskDefinition: string }): void {
      const found = findTaskDefinition(world, taskDefinition);
      if (found) found.status = "INACTIVE";
    },
  };
}

function newService(
  world: World,
  { cluster, service, desiredCount = 2, circuitBreaker, targetGroups = [] }: NewService,
): Service {
  return {
    name: service,
    arn: arn(world, `service/${cluster}/${service}`),
    cluster: findCluster(world, cluster),
    desiredCount,
    circuitBreaker: circuitBreaker ?? { enable: true, rollback: true },
    targetGroups,
    deployments: [],
    history: [],
    events: [],
    plays: [],
    tags: [],
    createdAt: world.clock.now(),
  };
}
