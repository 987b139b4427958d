// The operator's list of what may be deployed where, and of what may be read there: AFU9_DEPLOY_TARGETS, in YAML or JSON.
import { z } from "zod";
import type { Capability } from "../shared/capability.ts";
import { ToolFailure } from "../shared/errors.ts";
import { readYaml } from "../shared/read-yaml.ts";

/** ECS's names of clusters, services and families. */
export const serviceName = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,254}$/, "expected letters, digits, _ and -, not beginning with -");

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
    /** Log groups that the repository may read: each a name with what is below it, or the beginning of names (`shop-`). */
    logGroups: z.array(z.string().min(1).max(512)).optional(),
    /** Alarms that it may read, in the same way. */
    alarmPrefix: z.string().min(1).max(255).optional(),
    /** Metrics that it may read besides those of the service itself: all of a namespace, or those with these dimensions. */
    metrics: z
      .array(
        z.strictObject({
          namespace: z.string().min(1).max(255),
          dimensions: z.record(z.string(), z.string()).optional(),
        }),
      )
      .optional(),
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

/** The targets of a capability's repository. Throws when it has none. GitHub's names are the same in any case. */
export function targetsOf(targets: Target[], { repository: { owner, repo } }: Capability): Target[] {
  const name = `${owner}/${repo}`.toLowerCase();
  const own = targets.filter(({ repository }) => repository.toLowerCase() === name);
  if (own.length > 0) return own;
  throw new ToolFailure(
    `The repository ${owner}/${repo} has no deployment target, so nothing can be deployed or read for it here. An operator adds ` +
      "one to AFU9_DEPLOY_TARGETS (repository, cluster, service, image, environment, maxCount); docs/deploy.md shows one.",
  );
}

function areDistinct(targets: { cluster: string; service: string }[]): boolean {
  return new Set(targets.map(({ cluster, service }) => `${cluster}/${service}`)).size === targets.length;
}
