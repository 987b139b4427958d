// What the local ECS knows.

export type EcsState = {
  clusters: Cluster[];
  /** Of all families, in the order in which they were registered. */
  taskDefinitions: TaskDefinition[];
  /** Whether each look at a service takes its rollout one step on. Otherwise only the control does. */
  advancesByRequest: boolean;
  nextId(): string;
};

export type Cluster = { name: string; arn: string; services: Service[] };

export type Tag = { key: string; value: string };

export type TaskDefinition = {
  arn: string;
  family: string;
  revision: number;
  status: "ACTIVE" | "INACTIVE";
  /** What it was registered with, as it was given. */
  registered: { containerDefinitions: ContainerDefinition[]; [field: string]: unknown };
  tags: Tag[];
  registeredAt: Date;
};

export type ContainerDefinition = { name: string; image: string; [field: string]: unknown };

/**
 * How a rollout goes. `healthy` takes three steps, `slow` twenty. In `failing` each step has a task that does not start; with a
 * circuit breaker it is given up, and rolled back where the service says so. In `failedRollback` that fails as well.
 */
export type Play = "healthy" | "slow" | "failing" | "failedRollback";

export type Service = {
  name: string;
  arn: string;
  cluster: Cluster;
  desiredCount: number;
  circuitBreaker: { enable: boolean; rollback: boolean };
  /** ARNs. */
  targetGroups: string[];
  /** Newest first; one that is over and replaced is gone. */
  deployments: Deployment[];
  /** What `ListServiceDeployments` shows, newest first. */
  history: ServiceDeployment[];
  /** Newest first. */
  events: { id: string; createdAt: Date; message: string }[];
  /** How the coming rollouts go, one after the other; the last play is for all that follow. */
  plays: Play[];
  tags: Tag[];
  createdAt: Date;
};

export type Deployment = {
  id: string;
  status: "PRIMARY" | "ACTIVE";
  taskDefinition: TaskDefinition;
  play: Play;
  /** How many steps it has taken. */
  steps: number;
  pending: number;
  running: number;
  failedTasks: number;
  rolloutState: "IN_PROGRESS" | "COMPLETED" | "FAILED";
  rolloutStateReason: string;
  createdAt: Date;
  updatedAt: Date;
  record: ServiceDeployment;
};

/** One change of a service from its beginning to its end; a rollback by the circuit breaker is part of it. */
export type ServiceDeployment = {
  arn: string;
  /** The service revision that it is to. */
  revisionArn: string;
  taskDefinition: TaskDefinition;
  status:
    | "IN_PROGRESS"
    | "SUCCESSFUL"
    | "STOPPED"
    | "ROLLBACK_IN_PROGRESS"
    | "ROLLBACK_SUCCESSFUL"
    | "ROLLBACK_FAILED";
  statusReason?: string;
  createdAt: Date;
  finishedAt?: Date;
};

export function createEcs(): EcsState {
  let last = 4_000_000_000_000_000_000n;
  return {
    clusters: [],
    taskDefinitions: [],
    advancesByRequest: true,
    nextId() {
      last += 1n;
      return String(last);
    },
  };
}
