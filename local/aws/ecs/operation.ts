import { z } from "zod";
import { type JsonOperation, seconds } from "../protocols/json.ts";
import { AwsFault } from "../service.ts";
import type { World } from "../world.ts";

/** An operation whose input is checked; one that does not fit is ECS's InvalidParameterException. */
export function operation<Input extends z.ZodType>(
  input: Input,
  work: (given: z.infer<Input>, world: World) => object,
): JsonOperation {
  return (given, world) => {
    const parsed = input.safeParse(given);
    if (!parsed.success) throw invalid(z.prettifyError(parsed.error));
    return work(parsed.data, world);
  };
}

export function invalid(message: string): AwsFault {
  return new AwsFault("InvalidParameterException", message);
}

/** One page of a list, and the token of the next. */
export function page<T>(all: T[], { nextToken = "0", maxResults = 100 }: Paging) {
  const start = Number(Buffer.from(nextToken, "base64url").toString() || 0) || 0;
  const end = start + maxResults;
  const next = end < all.length ? Buffer.from(String(end)).toString("base64url") : undefined;
  return { items: all.slice(start, end), nextToken: next };
}

export const paging = {
  nextToken: z.string().optional(),
  maxResults: z.number().int().min(1).max(100).optional(),
};
type Paging = { nextToken?: string | undefined; maxResults?: number | undefined };

export const tags = z.array(z.object({ key: z.string().min(1).max(128), value: tagValue() })).max(50);

function tagValue() {
  return z
    .string()
    .max(256)
    .regex(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u, "has letters that a tag can't have");
}

/** Every date of an object as AWS JSON has it. */
export function datesAsSeconds<T extends object>(value: T): object {
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, one instanceof Date ? seconds(one) : one]),
  );
}
