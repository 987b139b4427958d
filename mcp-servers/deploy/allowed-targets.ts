import { ToolFailure } from "../../shared/errors.ts";
import { type Target, targetsOf } from "../targets.ts";
import type { ToolCall } from "../tool.ts";

/** The one target that the arguments name. Throws, with those that there are, when the repository may not touch it. */
export function targetOf(
  targets: Target[],
  { capability }: ToolCall,
  { cluster, service }: { cluster: string; service: string },
): Target {
  const own = targetsOf(targets, capability);
  const target = own.find((one) => one.cluster === cluster && one.service === service);
  if (target) return target;
  throw new ToolFailure(
    `This execution may not touch the service ${service} of the cluster ${cluster}. It may touch: ${own
      .map((one) => `${one.service} of the cluster ${one.cluster}`)
      .join(", ")}.`,
  );
}
