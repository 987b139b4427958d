import { z } from "zod";

/** When at a point: nothing was sent yet; the other side works on it; the answer is here and nobody has used it. */
export type Side = "before" | "sent" | "after";

/** What the variable AFU9_CRASH_AT holds, as JSON. */
export const CrashAt = z.object({
  /** Await points with their sides, or a pattern of them: the process ends at the first of them that it gets to … */
  points: z.array(z.string()).or(z.object({ like: z.string() })),
  /** … after it has passed so many. */
  skip: z.number().int().nonnegative(),
  signal: z.enum(["SIGKILL", "SIGSTOP"]),
});
export type CrashAt = z.infer<typeof CrashAt>;

/** What a process says of its await points, as lines of JSON among its log. */
export const Said = z.discriminatedUnion("message", [
  z.object({ message: z.literal("await point"), point: z.string() }),
  z.object({ message: z.literal("crash"), point: z.string(), signal: z.string(), at: z.number() }),
  z.object({ message: z.literal("ready") }),
  z.object({ message: z.literal("listening") }),
]);
export type Said = z.infer<typeof Said>;
