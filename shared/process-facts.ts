// What the worker and `npm start` say of themselves in their heartbeats. The app and the command line read it.
import { z } from "zod";

export const WorkerFacts = z.object({
  /** `anthropic:claude-…` */
  model: z.string(),
  /** What the provider says against the key; null when it takes it. */
  keyFault: z.string().nullable(),
  /** The MCP servers, each with what is wrong with it, or null. */
  servers: z.record(z.string(), z.string().nullable()),
});
export type WorkerFacts = z.infer<typeof WorkerFacts>;

export const StartFacts = z.object({
  /** Settings that nothing can do without, each with where it comes from. */
  missing: z.array(z.object({ name: z.string(), source: z.string() })),
  /** Processes that do not come up, each with the last that it said. */
  failing: z.record(z.string(), z.string()),
  sandbox: z.string(),
});
export type StartFacts = z.infer<typeof StartFacts>;
