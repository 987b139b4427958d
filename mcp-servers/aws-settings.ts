// What the MCP servers that speak to AWS read from their environment. Endpoint and credentials are the SDK's to find.
import { z } from "zod";
import type { Logger } from "../shared/logger.ts";
import { serverSettings } from "./settings.ts";
import { type Target, targetList } from "./targets.ts";

export function awsServerSettings(defaultPort: number) {
  return serverSettings(defaultPort).extend({
    AFU9_DEPLOY_TARGETS: targetList.default([]),
    AWS_REGION: z.string().optional(),
  });
}

/** Gives the operator's targets. Throws when it is not said where they are; without any, the log says what that means. */
export function targetsIn(
  { AFU9_DEPLOY_TARGETS: targets, AWS_REGION: region }: z.infer<ReturnType<typeof awsServerSettings>>,
  log: Logger,
): Target[] {
  if (targets.length > 0 && !region) {
    throw new Error("AWS_REGION is missing: the region of the clusters in AFU9_DEPLOY_TARGETS.");
  }
  if (targets.length === 0) log.warn("no targets in AFU9_DEPLOY_TARGETS: every call is refused");
  return targets;
}
