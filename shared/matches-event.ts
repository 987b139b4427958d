// Whether a webhook is the one that a step waits for. The app asks when it comes, the engine about those that came before.
import { isDeepStrictEqual } from "node:util";

/** Paths in a payload, each with the value that is wanted there: `{ "pull_request.number": 7 }`. */
export type EventMatch = Record<string, unknown>;

/** The names of a webhook that a step may wait for it by: `pull_request`, and `pull_request.closed`. */
export function namesOf(event: string, payload: unknown): string[] {
  const action = valueAt(payload, ["action"]);
  return typeof action === "string" ? [event, `${event}.${action}`] : [event];
}

/**
 * Whether a payload has, at each path, just the value that is wanted there. A number is not the
 * text of it, and a path that is missing never matches.
 */
export function matchesEvent(payload: unknown, match: EventMatch): boolean {
  return Object.entries(match).every(([path, wanted]) => {
    const value = valueAt(payload, path.split("."));
    return value !== undefined && isDeepStrictEqual(value, wanted);
  });
}

function valueAt(value: unknown, [key, ...rest]: string[]): unknown {
  if (key === undefined) return value;
  if (value === null || typeof value !== "object" || !Object.hasOwn(value, key)) return undefined;
  return valueAt((value as Record<string, unknown>)[key], rest);
}
