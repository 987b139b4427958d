// Revisions of a task definition: reading one, and making the next from it with only the image changed.
import {
  type ContainerDefinition,
  DescribeTaskDefinitionCommand,
  type ECSClient,
  RegisterTaskDefinitionCommand,
  type TaskDefinition,
} from "@aws-sdk/client-ecs";
import { ToolFailure } from "../../shared/errors.ts";
import type { Target } from "../targets.ts";

export type Revision = {
  arn: string;
  family: string;
  number: number;
  definition: TaskDefinition;
  tags: Map<string, string>;
};

type Context = { ecs: ECSClient; signal: AbortSignal };

/** By ARN or `family:revision`; a family alone is its newest active revision. */
export async function readRevision({ ecs, signal }: Context, reference: string): Promise<Revision> {
  const asked = new DescribeTaskDefinitionCommand({ taskDefinition: reference, include: ["TAGS"] });
  const { taskDefinition, tags } = await ecs.send(asked, { abortSignal: signal });
  return revisionOf(taskDefinition, tags);
}

/** Registers the next revision: everything of `base` as it is, but the image of one container, and tags of ours. */
export async function registerRevision(
  { ecs, signal }: Context,
  base: Revision,
  change: { target: Target; image: string; tags: Record<string, string> },
): Promise<Revision> {
  const { name } = containerOf(base, change.target);
  const containerDefinitions = base.definition.containerDefinitions?.map((container) =>
    container.name === name ? { ...container, image: change.image } : container,
  );
  // Tags that AWS made itself can't be given.
  const kept = [...base.tags].filter(([key]) => !key.startsWith("aws:"));
  const tags = [...new Map([...kept, ...Object.entries(change.tags)])].map(([key, value]) => ({
    key,
    value,
  }));
  const command = new RegisterTaskDefinitionCommand({
    ...registrable(base.definition),
    family: base.family,
    containerDefinitions,
    tags,
  });
  const made = await ecs.send(command, { abortSignal: signal });
  return revisionOf(made.taskDefinition, made.tags);
}

/** The container whose image the target is about. */
export function containerOf({ arn, definition }: Revision, { container }: Target): ContainerDefinition {
  const all = definition.containerDefinitions ?? [];
  const found = container ? all.find(({ name }) => name === container) : all[0];
  if (found && (container || all.length === 1)) return found;
  const names = all.map(({ name }) => name).join(", ");
  throw new ToolFailure(
    container
      ? `The task definition ${arn} has no container ${container}; it has ${names}. An operator must correct AFU9_DEPLOY_TARGETS.`
      : `The task definition ${arn} has several containers (${names}). An operator must say in AFU9_DEPLOY_TARGETS which one, as \`container\`.`,
  );
}

/** `arn:…:task-definition/web:12` as `web:12`. */
export function shortName(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}

/** What ECS tells of a revision and does not take for a new one is left out. */
function registrable(definition: TaskDefinition) {
  const {
    taskDefinitionArn: _arn,
    revision: _revision,
    status: _status,
    requiresAttributes: _requires,
    compatibilities: _compatibilities,
    registeredAt: _at,
    registeredBy: _by,
    deregisteredAt: _deregistered,
    deleteRequestedAt: _deleted,
    ...rest
  } = definition;
  return rest;
}

function revisionOf(
  definition: TaskDefinition = {},
  tags: { key?: string; value?: string }[] = [],
): Revision {
  const { taskDefinitionArn = "", family = "", revision = 0 } = definition;
  return {
    arn: taskDefinitionArn,
    family,
    number: revision,
    definition,
    tags: new Map(tags.map(({ key = "", value = "" }) => [key, value])),
  };
}
