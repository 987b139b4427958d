// How a service gets from one task definition to another, step by step.
import type { World } from "../world.ts";
import { arn } from "./find.ts";
import type { Deployment, Play, Service, ServiceDeployment, TaskDefinition } from "./state.ts";

const maxEvents = 100;
/** So many steps pass before the first task of a slow rollout is started. */
const slowStart = 17;

/** A new deployment of the service, which replaces the one under way. */
export function startRollout(world: World, service: Service, taskDefinition: TaskDefinition): Deployment {
  for (const { record } of service.deployments) {
    if (record.status === "IN_PROGRESS") end(world, record, "STOPPED", "Replaced by a newer deployment.");
  }
  const place = `${service.cluster.name}/${service.name}`;
  const record: ServiceDeployment = {
    arn: arn(world, `service-deployment/${place}/${world.ecs.nextId()}`),
    revisionArn: arn(world, `service-revision/${place}/${world.ecs.nextId()}`),
    taskDefinition,
    status: "IN_PROGRESS",
    createdAt: world.clock.now(),
  };
  service.history.unshift(record);
  const play = (service.plays.length > 1 ? service.plays.shift() : service.plays[0]) ?? "healthy";
  return addDeployment(world, service, { taskDefinition, play, record });
}

/** Takes what is under way at a service one step on. */
export function advance(world: World, service: Service): void {
  const [primary] = service.deployments;
  if (primary?.rolloutState !== "IN_PROGRESS") return;
  primary.steps += 1;
  primary.updatedAt = world.clock.now();
  if (isFailing(primary)) failTask(world, service, primary);
  if (!isFailing(primary)) startTasks(world, service, primary);
}

/** A service that has been running the task definition for long. */
export function runAlready(world: World, service: Service, taskDefinition: TaskDefinition): void {
  const deployment = startRollout(world, service, taskDefinition);
  complete(world, service, deployment);
}

export function addEvent(world: World, service: Service, message: string): void {
  const event = {
    id: crypto.randomUUID(),
    createdAt: world.clock.now(),
    message: `(service ${service.name}) ${message}`,
  };
  service.events = [event, ...service.events].slice(0, maxEvents);
}

type NewDeployment = { taskDefinition: TaskDefinition; play: Play; record: ServiceDeployment };

function addDeployment(world: World, service: Service, made: NewDeployment): Deployment {
  const id = `ecs-svc/${world.ecs.nextId()}`;
  const now = world.clock.now();
  const deployment: Deployment = {
    ...made,
    id,
    status: "PRIMARY",
    steps: 0,
    pending: 0,
    running: 0,
    failedTasks: 0,
    rolloutState: "IN_PROGRESS",
    rolloutStateReason: `ECS deployment ${id} in progress.`,
    createdAt: now,
    updatedAt: now,
  };
  for (const one of service.deployments) one.status = "ACTIVE";
  service.deployments.unshift(deployment);
  return deployment;
}

function isFailing({ play }: Deployment): boolean {
  return play === "failing" || play === "failedRollback";
}

/** First the tasks are pending, then they run and the old ones end, then the rollout is complete. */
function startTasks(world: World, service: Service, primary: Deployment): void {
  const step = primary.steps - (primary.play === "slow" ? slowStart : 0);
  if (step <= 0) return;
  primary.pending = step === 1 ? service.desiredCount : 0;
  primary.running = step === 1 ? 0 : service.desiredCount;
  if (step >= 2) for (const old of service.deployments.slice(1)) old.running = 0;
  if (step >= 3) complete(world, service, primary);
}

function complete(world: World, service: Service, primary: Deployment): void {
  primary.running = service.desiredCount;
  primary.pending = 0;
  primary.rolloutState = "COMPLETED";
  primary.rolloutStateReason = `ECS deployment ${primary.id} completed.`;
  service.deployments = [primary];
  const { record } = primary;
  end(world, record, record.status === "ROLLBACK_IN_PROGRESS" ? "ROLLBACK_SUCCESSFUL" : "SUCCESSFUL");
  addEvent(world, service, `(deployment ${primary.id}) deployment completed.`);
  addEvent(world, service, "has reached a steady state.");
}

function failTask(world: World, service: Service, primary: Deployment): void {
  primary.failedTasks += 1;
  addEvent(
    world,
    service,
    `(deployment ${primary.id}) has failed to start a task: Essential container exited.`,
  );
  // AWS's own rule.
  const threshold = Math.min(200, Math.max(3, Math.ceil(service.desiredCount / 2)));
  if (!service.circuitBreaker.enable || primary.failedTasks < threshold) return;

  primary.rolloutState = "FAILED";
  primary.rolloutStateReason = "ECS deployment circuit breaker: tasks failed to start.";
  addEvent(world, service, `(deployment ${primary.id}) deployment failed: tasks failed to start.`);
  rollBack(world, service, primary);
}

function rollBack(world: World, service: Service, failed: Deployment): void {
  const { record } = failed;
  const isRollback = record.status === "ROLLBACK_IN_PROGRESS";
  const good = service.history.find(({ status }) => status === "SUCCESSFUL");
  if (isRollback || !service.circuitBreaker.rollback || !good) {
    const reason = "Deployment circuit breaker threshold reached.";
    end(world, record, isRollback ? "ROLLBACK_FAILED" : "STOPPED", reason);
    return;
  }
  record.status = "ROLLBACK_IN_PROGRESS";
  const play = failed.play === "failedRollback" ? "failing" : "healthy";
  const back = addDeployment(world, service, { taskDefinition: good.taskDefinition, play, record });
  failed.rolloutStateReason += ` Rolling back to deploymentId ${back.id}.`;
  addEvent(world, service, `rolling back to deployment ${back.id}.`);
}

function end(
  world: World,
  record: ServiceDeployment,
  status: ServiceDeployment["status"],
  reason?: string,
): void {
  record.status = status;
  record.statusReason = reason;
  record.finishedAt = world.clock.now();
}
