import { z } from "zod";
import { AwsFault } from "../../service.ts";
import type { World } from "../../world.ts";
import { arn, findTaskDefinition } from "../find.ts";
import { datesAsSeconds, invalid, operation, page, paging, tags } from "../operation.ts";
import type { TaskDefinition } from "../state.ts";

const container = z.looseObject({ name: z.string().min(1), image: z.string().min(1) });

export const newTaskDefinition = z.looseObject({
  family: z.string().regex(/^[A-Za-z0-9_-]{1,255}$/, "Family contains invalid characters."),
  containerDefinitions: z.array(container).min(1, "Container list cannot be empty."),
  tags: tags.optional(),
});

export const taskDefinitionOperations = {
  RegisterTaskDefinition: operation(newTaskDefinition, (given, world) => {
    const made = register(world, given);
    return { taskDefinition: describe(made), tags: made.tags };
  }),

  DescribeTaskDefinition: operation(
    z.object({ taskDefinition: z.string(), include: z.array(z.string()).optional() }),
    (given, world) => {
      const found = findTaskDefinition(world, given.taskDefinition);
      if (!found) throw new AwsFault("ClientException", "Unable to describe task definition.");
      return {
        taskDefinition: describe(found),
        ...(given.include?.includes("TAGS") && { tags: found.tags }),
      };
    },
  ),

  ListTaskDefinitions: operation(
    z.object({
      familyPrefix: z.string().optional(),
      status: z.enum(["ACTIVE", "INACTIVE"]).default("ACTIVE"),
      sort: z.enum(["ASC", "DESC"]).default("ASC"),
      ...paging,
    }),
    (given, { ecs }) => {
      const { familyPrefix, status, sort } = given;
      const found = ecs.taskDefinitions
        .filter((one) => (!familyPrefix || one.family === familyPrefix) && one.status === status)
        .sort((one, other) => one.family.localeCompare(other.family) || one.revision - other.revision);
      const arns = (sort === "DESC" ? found.reverse() : found).map((one) => one.arn);
      const { items, nextToken } = page(arns, given);
      return { taskDefinitionArns: items, nextToken };
    },
  ),
};

/** The next revision of its family: revisions count up, also past those that are not active any more. */
export function register(world: World, given: z.infer<typeof newTaskDefinition>): TaskDefinition {
  const { family, tags = [], ...registered } = given;
  const names = registered.containerDefinitions.map(({ name }) => name);
  if (new Set(names).size < names.length) throw invalid("Container names must be unique.");
  const { taskDefinitions } = world.ecs;
  const revision = taskDefinitions.filter((one) => one.family === family).length + 1;
  const made: TaskDefinition = {
    arn: arn(world, `task-definition/${family}:${revision}`),
    family,
    revision,
    status: "ACTIVE",
    registered,
    tags,
    registeredAt: world.clock.now(),
  };
  taskDefinitions.push(made);
  return made;
}

function describe({ arn, family, revision, status, registered, registeredAt }: TaskDefinition): object {
  return datesAsSeconds({
    volumes: [],
    placementConstraints: [],
    ...registered,
    taskDefinitionArn: arn,
    family,
    revision,
    status,
    compatibilities: ["EC2", "FARGATE"],
    requiresAttributes: [{ name: "com.amazonaws.ecs.capability.ecr-auth" }],
    registeredAt,
    registeredBy: "arn:aws:iam::123456789012:user/local",
  });
}
