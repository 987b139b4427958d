// What the operator says about who may start things, and how often.
import { z } from "zod";

/** Numeric ids, separated by commas: `29139614,49699333`. */
const ids = z
  .string()
  .regex(/^\s*\d+(\s*,\s*\d+)*\s*$/, "expected numeric ids, separated by commas")
  .transform((text) => new Set(text.split(",").map(Number)))
  .default(new Set());
const perHour = z.coerce.number().int().positive();

export const policySettings = z.object({
  /** Users' ids of bots that may ask for what takes the role `write`. All others are refused. */
  AFU9_ALLOWED_BOTS: ids,
  /** Ids of Apps that may ask for something in a person's name, within that person's role. */
  AFU9_ALLOWED_APPS: ids,
  /** How many executions one person, or one bot, may start in an hour, in all repositories. */
  AFU9_RATE_USER_HOUR: perHour.default(30),
  /** How many may start in one repository in an hour, whoever starts them. */
  AFU9_RATE_REPOSITORY_HOUR: perHour.default(100),
});
export type PolicySettings = z.infer<typeof policySettings>;
