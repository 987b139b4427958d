// Arguments and results that several tools have.
import { z } from "zod";

/** ECS's names of clusters, services and families. */
export const serviceName = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_-]{0,254}$/, "expected letters, digits, _ and -, not beginning with -");

export const cluster = serviceName.describe("The ECS cluster's name");
export const service = serviceName.describe("The ECS service's name");
export const family = serviceName.describe("The task definition's family");
export const revisionNumber = z.number().int().positive().max(2_147_483_647);

/** In an output: the effect was there already, and was not made a second time. */
export const existed = z.boolean().describe("Whether it was so already, so that nothing was changed");
