import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import { z } from "zod";
import { ToolFailure } from "../../../shared/errors.ts";
import { targetsOf } from "../../targets.ts";
import type { ToolCall } from "../../tool.ts";
import { deployTool } from "../deploy-tool.ts";
import type { DeployDeps } from "../deps.ts";
import { family, revisionNumber } from "../inputs.ts";
import { readServices } from "../read-service.ts";
import { readRevision, shortName } from "../task-definition.ts";

const Container = z.object({
  name: z.string(),
  image: z.string(),
  essential: z.boolean(),
  cpu: z.number(),
  memory: z.number().optional(),
  ports: z.array(z.number()),
  environment: z.array(z.string()).describe("The names of its variables; their values are not shown"),
  secrets: z.array(z.string()).describe("The names of those that come from a secret store"),
});

export const getTaskDefinition = deployTool({
  name: "getTaskDefinition",
  description:
    "A task definition of a service that this repository may deploy to: images, sizes, roles, ports, and the names of its " +
    "variables and secrets. The newest active revision, unless one is named.",
  effect: "read",
  input: z.object({
    family,
    revision: revisionNumber
      .optional()
      .describe("The number of a revision; the newest active one when left out"),
  }),
  output: z.object({
    family: z.string(),
    revision: z.number(),
    taskDefinition: z.string().describe("Its ARN"),
    status: z.string(),
    cpu: z.string().optional(),
    memory: z.string().optional(),
    taskRole: z.string().optional(),
    executionRole: z.string().optional(),
    containers: z.array(Container),
    tags: z.record(z.string(), z.string()),
    registeredAt: z.string(),
  }),
  async run(input, deps, call) {
    await requireOwnFamily(input.family, deps, call);
    const reference = input.revision ? `${input.family}:${input.revision}` : input.family;
    const { arn, number, definition, tags } = await readRevision(
      { ecs: deps.ecs, signal: call.signal },
      reference,
    );
    return {
      family: input.family,
      revision: number,
      taskDefinition: arn,
      status: definition.status ?? "",
      cpu: definition.cpu,
      memory: definition.memory,
      taskRole: definition.taskRoleArn,
      executionRole: definition.executionRoleArn,
      containers: (definition.containerDefinitions ?? []).map(shown),
      tags: Object.fromEntries(tags),
      registeredAt: definition.registeredAt?.toISOString() ?? "",
    };
  },
});

/** A family is the repository's when one of its services runs it. */
async function requireOwnFamily(family: string, { ecs, targets }: DeployDeps, call: ToolCall): Promise<void> {
  const families = new Set<string>();
  for (const { cluster, service } of targetsOf(targets, call.capability)) {
    const [found] = await readServices({ ecs, signal: call.signal }, cluster, [service]);
    if (found) families.add(shortName(found.state.taskDefinition).split(":")[0] ?? "");
  }
  if (families.has(family)) return;
  throw new ToolFailure(
    `This execution may not look at the task definitions of ${family}. It may look at: ${[...families].join(", ") || "none"}.`,
  );
}

function shown(container: ContainerDefinition): z.infer<typeof Container> {
  return {
    name: container.name ?? "",
    image: container.image ?? "",
    essential: container.essential ?? true,
    cpu: container.cpu ?? 0,
    memory: container.memory,
    ports: (container.portMappings ?? []).flatMap(({ containerPort }) => containerPort ?? []),
    environment: (container.environment ?? []).flatMap(({ name }) => name ?? []),
    secrets: (container.secrets ?? []).flatMap(({ name }) => name ?? []),
  };
}
