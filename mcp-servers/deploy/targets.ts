// The operator's list of what may be deployed where: AFU9_DEPLOY_TARGETS, in YAML or JSON.
import { z } from "zod";
import { ToolFailure } from "../../shared/errors.ts";
import { readYaml } from "../../shared/read-yaml.ts";
import type { ToolCall } from "../tool.ts";
import { serviceName } from "./inputs.ts";

const ecrRepository =
  /^\d{12}\.dkr\.ecr(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\/[a-z0-9]+([._/-]+[a-z0-9]+)*$/;

const Target = z
  .strictObject({
    /** The GitHub repository that may deploy here. */
    repository: z.string().regex(/^[\w.-]+\/[\w.-]+$/, "expected OWNER/NAME"),
    cluster: serviceName,
    service: serviceName,
    image: z
      .string()
      .max(300)
      .regex(
        ecrRepository,
        "expected an ECR repository without a tag: ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME",
      ),
    /** The container whose image changes; not needed where the task has only one. */
    container: z.string().min(1).optional(),
    environment: z.string().min(1).max(100),
    minCount: z.number().int().min(0).default(1),
    maxCount: z.number().int().min(1).max(5_000),
  })
  .refine(({ minCount, maxCount }) => minCount <= maxCount, "expected minCount to be at most maxCount");
export type Target = z.infer<typeof Target>;

const Targets = z.array(Target).refine(areDistinct, "expected each service of a cluster at most once");

/** The setting as text, read and checked. No text is no target. */
export const targetList = z.string().transform((text, context): Target[] => {
  const yaml = readYaml(text);
  const issue = (message: string, path: PropertyKey[] = []) =>
    context.addIssue({ code: "custom", message, path: [...path] });
  if ("faults" in yaml) {
    for (const { line, message } of yaml.faults) issue(`line ${line}: ${message}`);
    return z.NEVER;
  }
  const parsed = Targets.safeParse(yaml.value ?? []);
  if (parsed.success) return parsed.data;
  for (const { message, path } of parsed.error.issues) issue(message, path);
  return z.NEVER;
});

/** The targets of the capability's repository. Throws when it has none. */
export function targetsOf(targets: Target[], { capability }: ToolCall): Target[] {
  const { owner, repo } = capability.repository;
  // GitHub's names are the same in any case.
  const name = `${owner}/${repo}`.toLowerCase();
  const own = targets.filter(({ repository }) => repository.toLowerCase() === name);
  if (own.length > 0) return own;
  throw new ToolFailure(
    `The repository ${owner}/${repo} may deploy nowhere. An operator allows it with an entry in the deploy server's ` +
      "AFU9_DEPLOY_TARGETS (repository, cluster, service, image, environment, maxCount); docs/deploy.md shows one.",
  );
}

/** The one target that the arguments name. Throws, with those that there are, when the repository may not touch it. */
export function targetOf(
  targets: Target[],
  call: ToolCall,
  { cluster, service }: { cluster: string; service: string },
): Target {
  const own = targetsOf(targets, call);
  const target = own.find((one) => one.cluster === cluster && one.service === service);
  if (target) return target;
  throw new ToolFailure(
    `This execution may not touch the service ${service} of the cluster ${cluster}. It may touch: ${own
      .map((one) => `${one.service} of the cluster ${one.cluster}`)
      .join(", ")}.`,
  );
}

function areDistinct(targets: { cluster: string; service: string }[]): boolean {
  return new Set(targets.map(({ cluster, service }) => `${cluster}/${service}`)).size === targets.length;
}
