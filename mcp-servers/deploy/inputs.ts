// Arguments and results that several tools have.
import { z } from "zod";
import { serviceName } from "../targets.ts";

export const cluster = serviceName.describe("The ECS cluster's name");
export const service = serviceName.describe("The ECS service's name");
export const family = serviceName.describe("The task definition's family");
export const revisionNumber = z.number().int().positive().max(2_147_483_647);

/** In an output: the effect was there already, and was not made a second time. */
export const existed = z.boolean().describe("Whether it was so already, so that nothing was changed");
