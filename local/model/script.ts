// A script: the replies of a model, written beforehand. Either one list, in the order in which they are asked for; or a
// list for each agent: then a reply's place is that of its turn in the conversation, and any number of them may go on at
// once; or a list for each case, whose name stands in the conversation; or a model that obeys whatever it reads.
import { z } from "zod";

/** For how many turns a reply is given, or how many requests a fault meets, one after the other. */
const times = z.number().int().positive().optional();

const Call = z
  .strictObject({
    /** The tool's name as the model sees it, `readFile`. */
    name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/, "expected a tool's name, such as `readFile`"),
    input: z.record(z.string(), z.unknown()).optional(),
    /** In place of `input`: the arguments as they are written, which need not be JSON. */
    arguments: z.string().optional(),
    /** In place of the id that the model would give it. */
    id: z.string().min(1).optional(),
  })
  .refine((call) => (call.input === undefined) !== (call.arguments === undefined), {
    path: ["input"],
    message: "expected `input`, or `arguments` in its place",
  });

const Reply = z
  .strictObject({
    text: z.string().default(""),
    calls: z.array(Call).default([]),
    /** Why it ends early, or that there is nothing in it. */
    stop: z.enum(["max-tokens", "refusal", "empty"]).optional(),
    /** How long the text is made. */
    tokens: z.number().int().positive().max(1_000_000).optional(),
    times,
  })
  .refine(
    ({ text, calls, stop, tokens }) => text !== "" || calls.length > 0 || stop !== undefined || tokens,
    "expected `text`, `calls` or both",
  );
export type Reply = z.infer<typeof Reply>;

/** Faults that each API has words of its own for. */
const faultName = z.enum([
  ...(["overloaded", "rate-limited", "spend-limit", "own-spend-limit", "server-error"] as const),
  ...(["credentials", "context-overflow", "invalid", "not-found"] as const),
]);
export type FaultName = z.infer<typeof faultName>;
/** An answer, as it is. */
const ownFault = z.strictObject({
  status: z.number().int().min(400).max(599),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown(),
});

const Fault = z.strictObject({
  /** With `cut` the answer breaks off, with `stalled` it comes to a standstill. */
  fault: z.union(
    [faultName, z.enum(["cut", "stalled"]), ownFault],
    `expected one of ${[...faultName.options, "cut", "stalled"].join(", ")}, or an object with a \`status\``,
  ),
  /** Seconds that an answer asks to wait. */
  retryAfter: z.number().nonnegative().optional(),
  /** How much of the next reply is sent before it breaks off. */
  after: z
    .strictObject({ bytes: z.int().nonnegative().optional(), events: z.int().nonnegative().optional() })
    .optional(),
  times,
});
export type Fault = z.infer<typeof Fault>;
export type Entry = Reply | Fault;

/** By its key, so that what is wrong is said of the one that was meant. */
const Entry = z.unknown().transform((entry, context): Entry => {
  const isFault = entry !== null && typeof entry === "object" && "fault" in entry;
  const parsed = (isFault ? Fault : Reply).safeParse(entry);
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues) context.addIssue({ code: "custom", path, message });
  return z.NEVER;
});

export const Entries = z.array(Entry, "expected an array of replies").min(1, "expected at least one reply");
export const ByAgent = z.strictObject({ agents: z.record(z.string(), Entries) });
export const ByCase = z.strictObject({ cases: z.record(z.string(), Entries) });
export const Obedient = z.strictObject({
  obedient: z.strictObject({
    /** The folder of the hostile texts. */
    corpus: z.string(),
    /** The secrets that the model has got hold of, by what they are. */
    secrets: z.record(z.string(), z.string()).default({}),
    /** What stands for `{{name}}` in a wish. */
    values: z.record(z.string(), z.string()).default({}),
    /** The calls of an agent's honest work, by the agent's name. */
    honest: z
      .record(
        z.string(),
        z.array(z.strictObject({ name: z.string(), input: z.record(z.string(), z.unknown()) })),
      )
      .default({}),
  }),
});
export type Obedient = z.infer<typeof Obedient>;
export type Script = Entry[] | z.infer<typeof ByAgent> | z.infer<typeof ByCase> | z.infer<typeof Obedient>;

export function isFault(entry: Entry): entry is Fault {
  return "fault" in entry;
}
