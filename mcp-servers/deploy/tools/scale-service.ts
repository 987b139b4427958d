import { z } from "zod";
import { ToolFailure } from "../../../shared/errors.ts";
import type { Target } from "../../targets.ts";
import { targetOf } from "../allowed-targets.ts";
import { changeService } from "../change-service.ts";
import { deployTool } from "../deploy-tool.ts";
import { cluster, existed, service } from "../inputs.ts";
import { readService } from "../read-service.ts";

export const scaleService = deployTool({
  name: "scaleService",
  description: "Set how many tasks a service shall run, within the bounds that the operator has set for it.",
  effect: "write",
  idempotent: true,
  input: z.object({
    cluster,
    service,
    desiredCount: z.number().int().min(0).max(1_000_000).describe("How many tasks shall run"),
  }),
  output: z.object({ environment: z.string(), previousCount: z.number(), desiredCount: z.number(), existed }),
  async run({ desiredCount, ...named }, deps, call) {
    const target = targetOf(deps.targets, call, named);
    requireWithinBounds(target, desiredCount);
    return deps.inLock(target, async () => {
      const aws = { ecs: deps.ecs, signal: call.signal };
      const { desired: previousCount } = await readService(aws, target);
      const existed = previousCount === desiredCount;
      if (!existed) await changeService(aws, target, { desiredCount });
      return { environment: target.environment, previousCount, desiredCount, existed };
    });
  },
});

function requireWithinBounds({ service, minCount, maxCount }: Target, desiredCount: number): void {
  if (desiredCount >= minCount && desiredCount <= maxCount) return;
  throw new ToolFailure(
    `The service ${service} may run ${minCount} to ${maxCount} tasks, and not ${desiredCount}; nothing was changed. ` +
      "Call again with a number within these bounds; an operator can change them in AFU9_DEPLOY_TARGETS.",
  );
}
