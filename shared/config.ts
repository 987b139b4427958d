import { z } from "zod";

/** Where a process listens, and how loud its log is. Every process reads these. */
export const processSettings = z.object({
  HOST: z.string().default("127.0.0.1"),
  AFU9_LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
});

/**
 * Reads a process's settings from its environment. An empty variable counts as not set.
 * Throws one error that names every variable at fault, never its value: it may be a secret.
 */
export function readConfig<S extends z.ZodType>(schema: S, env: NodeJS.ProcessEnv): z.infer<S> {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;

  const faults = parsed.error.issues.map((issue) => `  ${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`The settings in the environment are not usable:\n${faults.join("\n")}\nSee .env.example.`);
}

/** A TCP port, given as text. 0 asks the operating system for a free one. */
export const port = z.coerce.number().int().min(0).max(65535);
