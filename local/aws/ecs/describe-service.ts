import { datesAsSeconds } from "./operation.ts";
import type { Deployment, Service } from "./state.ts";

/** A service in ECS's shape. */
export function describeService(service: Service): object {
  const { name, arn, cluster, desiredCount, circuitBreaker, targetGroups } = service;
  const { deployments, events, createdAt } = service;
  return datesAsSeconds({
    serviceName: name,
    serviceArn: arn,
    clusterArn: cluster.arn,
    status: "ACTIVE",
    desiredCount,
    runningCount: sum(deployments, "running"),
    pendingCount: sum(deployments, "pending"),
    launchType: "FARGATE",
    schedulingStrategy: "REPLICA",
    deploymentController: { type: "ECS" },
    deploymentConfiguration: {
      deploymentCircuitBreaker: circuitBreaker,
      maximumPercent: 200,
      minimumHealthyPercent: 100,
    },
    loadBalancers: targetGroups.map((targetGroupArn) => ({ targetGroupArn })),
    taskDefinition: deployments[0]?.taskDefinition.arn,
    deployments: deployments.map((one) => describeDeployment(one, desiredCount)),
    events: events.map(datesAsSeconds),
    createdAt,
  });
}

function describeDeployment(deployment: Deployment, desiredCount: number): object {
  const { id, status, taskDefinition, pending, running, failedTasks, createdAt, updatedAt } = deployment;
  return datesAsSeconds({
    id,
    status,
    taskDefinition: taskDefinition.arn,
    desiredCount: status === "PRIMARY" ? desiredCount : 0,
    pendingCount: pending,
    runningCount: running,
    failedTasks,
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
    createdAt,
    updatedAt,
  });
}

function sum(deployments: Deployment[], count: "pending" | "running"): number {
  return deployments.reduce((total, deployment) => total + deployment[count], 0);
}
