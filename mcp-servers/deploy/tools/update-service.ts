import { z } from "zod";
import type { Target } from "../../targets.ts";
import type { ToolCall } from "../../tool.ts";
import { targetOf } from "../allowed-targets.ts";
import { changeService } from "../change-service.ts";
import { deployTool } from "../deploy-tool.ts";
import type { DeployDeps } from "../deps.ts";
import { baseTag, executionTag, findOwnRevision } from "../find-own-revision.ts";
import { imageFor } from "../image.ts";
import { cluster, existed, service } from "../inputs.ts";
import { isRolledBack, type PastDeployment, readHistory } from "../read-history.ts";
import { readService } from "../read-service.ts";
import { containerOf, type Revision, readRevision, registerRevision, shortName } from "../task-definition.ts";

const Deployed = z.object({
  environment: z.string(),
  image: z.string().describe("The image that the service was told to run"),
  previousTaskDefinition: z.string().describe("The ARN of the task definition that it was made from"),
  previousRevision: z.number().describe("Its number; what rollbackService takes"),
  taskDefinition: z.string().describe("The ARN of the new one"),
  revision: z.number(),
  existed,
  note: z.string().optional(),
});
type Deployed = z.infer<typeof Deployed>;

export const updateService = deployTool({
  name: "updateService",
  description:
    "Deploy an image: register a new revision of the task definition that the service runs, with only the image changed, and " +
    "have the service roll out to it. It does not wait: look with getServiceStatus. Called again by the same execution with " +
    "the same image, it finds its revision and makes no second one.",
  effect: "write",
  idempotent: true,
  input: z.object({
    cluster,
    service,
    image: z.string().min(1).max(300).describe("The ECR repository, without a tag"),
    tag: z
      .string()
      .min(1)
      .max(128)
      .describe("The image's digest (sha256:…), or a tag that always means the same: a commit's SHA, 1.4.2"),
  }),
  output: Deployed,
  async run(input, deps, call) {
    const target = targetOf(deps.targets, call, input);
    const image = imageFor(target, input);
    return deps.inLock(target, () => deploy(target, image, deps, call));
  },
});

async function deploy(target: Target, image: string, deps: DeployDeps, call: ToolCall): Promise<Deployed> {
  const aws = { ecs: deps.ecs, signal: call.signal };
  const { execution } = call.capability;
  const running = await readService(aws, target);
  const base = await readRevision(aws, running.taskDefinition);
  if (containerOf(base, target).image === image) return asItIs(target, base, image);

  const own = await findOwnRevision(aws, base, { target, image, execution });
  if (own) {
    const history = await readHistory(aws, target);
    const past = history.find(({ taskDefinition }) => taskDefinition === own.arn);
    if (past)
      return { ...asDeployed(target, base, own, image), existed: true, note: endedAs(past.status, history) };
  }
  const tags = { [executionTag]: execution, [baseTag]: shortName(base.arn) };
  const next = own ?? (await registerRevision({ ...aws, ecs: deps.ecsOnce }, base, { target, image, tags }));
  await changeService(aws, target, { taskDefinition: next.arn });
  return { ...asDeployed(target, base, next, image), existed: false };
}

function asDeployed(target: Target, base: Revision, next: Revision, image: string) {
  return {
    environment: target.environment,
    image,
    previousTaskDefinition: base.arn,
    previousRevision: base.number,
    taskDefinition: next.arn,
    revision: next.number,
  };
}

/** The service runs the image, or is on its way to it. When AFU-9 had it do so, it is known what ran before. */
function asItIs(target: Target, current: Revision, image: string): Deployed {
  const made = current.tags.get(baseTag);
  const number = Number(made?.split(":")[1]) || current.number;
  const previous = { arn: current.arn.replace(/:\d+$/, `:${number}`), number };
  return {
    ...asDeployed(target, { ...current, ...previous }, current, image),
    existed: true,
    note: "The service runs this image already, or is on its way to it.",
  };
}

function endedAs(status: string, history: PastDeployment[]): string {
  const how = isRolledBack(history) ? "ECS rolled it back" : `its deployment is ${status}`;
  return `This execution has deployed this image before, and ${how}; it was not deployed a second time.`;
}
