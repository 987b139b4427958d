import type { ECSClient } from "@aws-sdk/client-ecs";
import type { Target } from "../targets.ts";
import type { InLock } from "./service-lock.ts";

export type DeployDeps = {
  /** Tries again a few times by itself. */
  ecs: ECSClient;
  /** Tries once: for what would be there twice if it were asked for twice. */
  ecsOnce: ECSClient;
  /** What the operator allows, and nothing else. */
  targets: Target[];
  /** Changes of one service are made one at a time. */
  inLock: InLock;
};
