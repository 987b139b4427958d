import { z } from "zod";
import { AwsFault } from "../../service.ts";
import { describeService } from "../describe-service.ts";
import { findCluster, findService, findTaskDefinition, mustFindService } from "../find.ts";
import { invalid, operation, page, paging, tags } from "../operation.ts";
import { advance, startRollout } from "../rollout.ts";
import type { Tag } from "../state.ts";

const cluster = z.string().optional();

const maxDesiredCount = 5_000;

export const serviceOperations = {
  DescribeClusters: operation(
    z.object({ clusters: z.array(z.string()).max(100).optional() }),
    (given, world) => {
      const asked = given.clusters ?? ["default"];
      const found = world.ecs.clusters.filter(({ name, arn }) => asked.includes(name) || asked.includes(arn));
      return {
        clusters: found.map(({ name, arn, services }) => ({
          clusterName: name,
          clusterArn: arn,
          status: "ACTIVE",
          activeServicesCount: services.length,
        })),
        failures: asked
          .filter((one) => !found.some(({ name, arn }) => name === one || arn === one))
          .map((arn) => ({ arn, reason: "MISSING" })),
      };
    },
  ),

  ListServices: operation(z.object({ cluster, ...paging }), (given, world) => {
    const { services } = findCluster(world, given.cluster);
    const arns = services.map(({ arn }) => arn);
    const { items, nextToken } = page(arns, { maxResults: 10, ...given });
    return { serviceArns: items, nextToken };
  }),

  DescribeServices: operation(
    z.object({ cluster, services: z.array(z.string()), include: z.array(z.string()).optional() }),
    (given, world) => {
      if (given.services.length === 0) throw invalid("Services cannot be empty.");
      if (given.services.length > 10) throw invalid("Services cannot have more than 10 items.");
      const home = findCluster(world, given.cluster);
      const found = given.services.map((reference) => [reference, findService(home, reference)] as const);
      const withTags = given.include?.includes("TAGS");
      const services = found.flatMap(([, service]) => (service ? [service] : []));
      const answer = services.map((service) => ({
        ...describeService(service),
        ...(withTags && { tags: service.tags }),
      }));
      if (world.ecs.advancesByRequest) for (const service of services) advance(world, service);
      return {
        services: answer,
        failures: found.flatMap(([arn, service]) => (service ? [] : [{ arn, reason: "MISSING" }])),
      };
    },
  ),

  UpdateService: operation(
    z.object({
      cluster,
      service: z.string(),
      taskDefinition: z.string().optional(),
      desiredCount: z.number().int().min(0).max(maxDesiredCount).optional(),
      forceNewDeployment: z.boolean().optional(),
    }),
    (given, world) => {
      const service = mustFindService(findCluster(world, given.cluster), given.service);
      const { desiredCount, forceNewDeployment } = given;
      const [current] = service.deployments;
      const next = given.taskDefinition
        ? findTaskDefinition(world, given.taskDefinition)
        : current?.taskDefinition;
      if (!next) throw new AwsFault("ClientException", "TaskDefinition not found.");
      if (next.status !== "ACTIVE") throw new AwsFault("ClientException", "TaskDefinition is inactive");

      if (desiredCount !== undefined) {
        service.desiredCount = desiredCount;
        // A task more or less is no rollout: it is there at once.
        if (current?.rolloutState === "COMPLETED") current.running = desiredCount;
      }
      if (next !== current?.taskDefinition || forceNewDeployment) startRollout(world, service, next);
      return { service: describeService(service) };
    },
  ),

  TagResource: operation(z.object({ resourceArn: z.string(), tags }), (given, world) => {
    const services = world.ecs.clusters.flatMap((one) => one.services);
    const resource = [...services, ...world.ecs.taskDefinitions].find(({ arn }) => arn === given.resourceArn);
    if (!resource) throw invalid("The specified resource was not found.");
    resource.tags = merge(resource.tags, given.tags);
    return {};
  }),
};

function merge(old: Tag[], given: Tag[]): Tag[] {
  return [...old.filter(({ key }) => !given.some((one) => one.key === key)), ...given];
}
