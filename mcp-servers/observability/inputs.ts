// Arguments and results that several tools have.
import { z } from "zod";
import { serviceName } from "../targets.ts";
import { time } from "./time-range.ts";

export const cluster = serviceName.describe("The ECS cluster's name");
export const service = serviceName.describe("The ECS service's name");
export const logGroup = z
  .string()
  .regex(/^(?!.*\.\.)[.\-_/#A-Za-z0-9]{1,512}$/, "expected the name of a log group")
  .describe("The log group's name");
export const startTime = time.describe(
  "From when: a time with its zone, or one before now such as -15m, -2h or -1d",
);
export const endTime = time.describe("Until when: a time with its zone, one before now, or `now`");

/** In an output: the times that were read. */
export const Range = z.object({ start: z.string(), end: z.string() });
export const note = z.string().optional().describe("What was left out, and how to get it");
