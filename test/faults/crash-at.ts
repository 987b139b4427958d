import { z } from "zod";

/** When at a point: nothing was sent yet; the other side works on it; the answer is here and nobody has used it. */
export type Side = "before" | "sent" | "after";

/** What the variable AFU9_CRASH_AT holds, as JSON. */
export const CrashAt = z.object({
  /** The await point with its side. */
  point: z.string(),
  /** 1 is the first time that the process passes the point. */
  occurrence: z.number().int().positive(),
  signal: z.enum(["SIGKILL", "SIGSTOP"]),
});
export type CrashAt = z.infer<typeof CrashAt>;

/** What a process says of its await points, as lines of JSON among its log. */
export const Said = z.discriminatedUnion("message", [
  z.object({ message: z.literal("await point"), point: z.string(), count: z.number() }),
  z.object({ message: z.literal("crash"), point: z.string(), signal: z.string(), at: z.number() }),
  z.object({ message: z.literal("ready") }),
  z.object({ message: z.literal("listening") }),
]);
export type Said = z.infer<typeof Said>;
