// Tasks follow from the deployments of a service: as many run, and as many have failed, as these say.
import { z } from "zod";
import type { World } from "../../world.ts";
import { arn, findCluster, mustFindService } from "../find.ts";
import { datesAsSeconds, invalid, operation, page, paging } from "../operation.ts";
import type { Cluster, Deployment, Service } from "../state.ts";

export const taskOperations = {
  ListTasks: operation(
    z.object({
      cluster: z.string().optional(),
      serviceName: z.string().optional(),
      desiredStatus: z.enum(["RUNNING", "STOPPED"]).default("RUNNING"),
      ...paging,
    }),
    (given, world) => {
      const cluster = findCluster(world, given.cluster);
      const services = given.serviceName ? [mustFindService(cluster, given.serviceName)] : cluster.services;
      const tasks = services.flatMap((service) => tasksOf(world, service));
      const wanted = tasks.filter(({ desiredStatus }) => desiredStatus === given.desiredStatus);
      const { items, nextToken } = page(wanted, given);
      return { taskArns: items.map(({ taskArn }) => taskArn), nextToken };
    },
  ),

  DescribeTasks: operation(
    z.object({ cluster: z.string().optional(), tasks: z.array(z.string()).max(100) }),
    (given, world) => {
      if (given.tasks.length === 0) throw invalid("Tasks cannot be empty.");
      const known = allTasks(world, findCluster(world, given.cluster));
      const tasks = known.filter(({ taskArn }) =>
        given.tasks.some((one) => one === taskArn || taskArn.endsWith(`/${one}`)),
      );
      const failures = given.tasks
        .filter((one) => !tasks.some(({ taskArn }) => taskArn === one || taskArn.endsWith(`/${one}`)))
        .map((arn) => ({ arn, reason: "MISSING" }));
      return { tasks: tasks.map(datesAsSeconds), failures };
    },
  ),
};

function allTasks(world: World, { services }: Cluster) {
  return services.flatMap((service) => tasksOf(world, service));
}

function tasksOf(world: World, service: Service) {
  return service.deployments.flatMap((deployment) => [
    ...numbers(deployment.running).map((number) => task(world, service, deployment, `run${number}`)),
    ...numbers(deployment.pending).map((number) => task(world, service, deployment, `pending${number}`)),
    ...numbers(deployment.failedTasks).map((number) => task(world, service, deployment, `failed${number}`)),
  ]);
}

function task(world: World, service: Service, { id, taskDefinition, createdAt }: Deployment, place: string) {
  const hasFailed = place.startsWith("failed");
  const status = hasFailed ? "STOPPED" : place.startsWith("run") ? "RUNNING" : "PENDING";
  const { cluster } = service;
  const [container] = taskDefinition.registered.containerDefinitions;
  return {
    taskArn: arn(world, `task/${cluster.name}/${id.replace("ecs-svc/", "")}${place}`),
    clusterArn: cluster.arn,
    taskDefinitionArn: taskDefinition.arn,
    group: `service:${service.name}`,
    startedBy: id,
    lastStatus: status,
    desiredStatus: hasFailed ? "STOPPED" : "RUNNING",
    healthStatus: status === "RUNNING" ? "HEALTHY" : "UNKNOWN",
    createdAt,
    ...(hasFailed && {
      stopCode: "EssentialContainerExited",
      stoppedReason: "Essential container in task exited",
    }),
    containers: [
      {
        name: container?.name,
        image: container?.image,
        lastStatus: status,
        ...(hasFailed && { exitCode: 1, reason: "Error" }),
      },
    ],
  };
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}
