import { z } from "zod";
import { findCluster, mustFindService } from "../find.ts";
import { datesAsSeconds, invalid, operation, page, paging } from "../operation.ts";

export const serviceDeploymentOperations = {
  ListServiceDeployments: operation(
    z.object({
      cluster: z.string().optional(),
      service: z.string(),
      status: z.array(z.string()).optional(),
      ...paging,
    }),
    (given, world) => {
      const { arn, cluster, history } = mustFindService(findCluster(world, given.cluster), given.service);
      const wanted = history.filter(({ status }) => !given.status?.length || given.status.includes(status));
      const { items, nextToken } = page(wanted, { maxResults: 20, ...given });
      const serviceDeployments = items.map((one) =>
        datesAsSeconds({
          serviceDeploymentArn: one.arn,
          serviceArn: arn,
          clusterArn: cluster.arn,
          targetServiceRevisionArn: one.revisionArn,
          status: one.status,
          statusReason: one.statusReason,
          createdAt: one.createdAt,
          startedAt: one.createdAt,
          finishedAt: one.finishedAt,
        }),
      );
      return { serviceDeployments, nextToken };
    },
  ),

  DescribeServiceRevisions: operation(
    z.object({ serviceRevisionArns: z.array(z.string()) }),
    ({ serviceRevisionArns: asked }, { ecs }) => {
      if (asked.length === 0) throw invalid("Service revision ARNs cannot be empty.");
      if (asked.length > 20) throw invalid("Service revision ARNs cannot have more than 20 items.");
      const all = ecs.clusters.flatMap(({ services }) =>
        services.flatMap((service) => service.history.map((record) => ({ service, record }))),
      );
      const found = all.filter(({ record }) => asked.includes(record.revisionArn));
      return {
        serviceRevisions: found.map(({ service, record }) =>
          datesAsSeconds({
            serviceRevisionArn: record.revisionArn,
            serviceArn: service.arn,
            clusterArn: service.cluster.arn,
            taskDefinition: record.taskDefinition.arn,
            createdAt: record.createdAt,
          }),
        ),
        failures: asked
          .filter((arn) => !found.some(({ record }) => record.revisionArn === arn))
          .map((arn) => ({ arn, reason: "MISSING" })),
      };
    },
  ),
};
