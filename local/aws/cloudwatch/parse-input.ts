import type { z } from "zod";
import { AwsFault } from "../service.ts";

/** Throws CloudWatch's fault for a parameter that is missing or wrong. */
export function parseInput<S extends z.ZodType>(schema: S, sent: unknown): z.infer<S> {
  const parsed = schema.safeParse(sent);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AwsFault(
    "InvalidParameterValueException",
    `The parameter ${issue?.path.join(".")} is not valid: ${issue?.message}`,
  );
}
