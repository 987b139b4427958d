// What the operator allows the repository of a call.
import { ToolFailure } from "../../shared/errors.ts";
import { ownTargets, type Target } from "../targets.ts";
import type { ToolCall } from "../tool.ts";

/** The targets of the capability's repository. Throws when it has none. */
export function targetsOf(targets: Target[], { capability }: ToolCall): Target[] {
  const own = ownTargets(targets, capability);
  if (own.length > 0) return own;
  const { owner, repo } = capability.repository;
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
