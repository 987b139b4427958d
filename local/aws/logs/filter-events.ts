// FilterLogEvents: page after page, each with a bounded number of events looked at, so that a page can be empty.
import { createHash } from "node:crypto";
import { z } from "zod";
import { AwsFault } from "../service.ts";
import type { World } from "../world.ts";
import { readPattern } from "./pattern.ts";
import type { LogEvent } from "./state.ts";

const maxEvents = 10_000;
const maxLookedAt = 10_000;
const maxBytes = 1024 * 1024;

const Input = z.object({
  logGroupName: z.string().regex(/^[.\-_/#A-Za-z0-9]{1,512}$/),
  startTime: z.number().int().min(0).default(0),
  endTime: z.number().int().min(0).default(Number.MAX_SAFE_INTEGER),
  filterPattern: z.string().max(1024).default(""),
  nextToken: z.string().min(1).optional(),
  limit: z.number().int().min(1).max(maxEvents).default(maxEvents),
});
type Input = z.infer<typeof Input>;

export function filterLogEvents(sent: unknown, { logs }: World): object {
  const parsed = Input.safeParse(sent);
  if (!parsed.success) throw invalid(parsed.error.issues[0]?.message ?? "");
  const input = parsed.data;
  const group = logs.get(input.logGroupName);
  if (!group) throw new AwsFault("ResourceNotFoundException", "The specified log group does not exist.");
  if (input.startTime > input.endTime) throw invalid("End time should not be less than start time.");

  const inRange = group.events.filter(
    ({ timestamp }) => timestamp >= input.startTime && timestamp <= input.endTime,
  );
  const { events, end } = page(inRange, input);
  return {
    events,
    searchedLogStreams: [],
    ...(end < inRange.length && { nextToken: writeToken(end, input) }),
  };
}

function page(inRange: LogEvent[], input: Input): { events: LogEvent[]; end: number } {
  const matches = readPattern(input.filterPattern);
  const start = input.nextToken ? readToken(input.nextToken, input) : 0;
  const events: LogEvent[] = [];
  let bytes = 0;
  let at = start;
  for (; at < inRange.length && at - start < maxLookedAt && events.length < input.limit; at++) {
    const event = inRange[at];
    if (!event || !matches(event.message)) continue;
    bytes += event.message.length;
    if (bytes > maxBytes && events.length > 0) break;
    events.push(event);
  }
  return { events, end: at };
}

/** A token is good for the question that it was given for, and no other. */
function writeToken(position: number, input: Input): string {
  return Buffer.from(JSON.stringify([position, digest(input)])).toString("base64url");
}

function readToken(token: string, input: Input): number {
  try {
    const [position, of] = z
      .tuple([z.number(), z.string()])
      .parse(JSON.parse(Buffer.from(token, "base64url").toString()));
    if (of === digest(input)) return position;
  } catch {
    // What is no token is refused like one of another question.
  }
  throw invalid("The specified nextToken is invalid.");
}

function digest({ nextToken: _, ...question }: Input): string {
  return createHash("sha256").update(JSON.stringify(question)).digest("base64url");
}

function invalid(message: string): AwsFault {
  return new AwsFault("InvalidParameterException", message);
}
