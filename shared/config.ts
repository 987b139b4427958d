import { z } from "zod";

/** Where people and GitHub reach the app, without a slash at the end. A path may stand before all of its own. */
export const publicUrl = z.url({ protocol: /^https?$/ }).transform((text, context) => {
  const { search, hash, username, origin, pathname } = new URL(text);
  if (!search && !hash && !username) return `${origin}${pathname}`.replace(/\/+$/, "");
  context.addIssue({ code: "custom", message: "Expected an address such as https://afu9.example.com" });
  return z.NEVER;
});

/** Where a process listens, where the app is reached, and how loud its log is. Every process reads these. */
export const processSettings = z.object({
  HOST: z.string().default("127.0.0.1"),
  PUBLIC_URL: publicUrl.optional(),
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
