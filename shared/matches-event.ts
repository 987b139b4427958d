/** Paths in a payload, each with the value that is wanted there: `{ "pull_request.number": 7 }`. */
export type EventMatch = Record<string, unknown>;

/** Whether every path holds its value. Texts and numbers differ; a path that is not there matches nothing. */
export function matchesEvent(payload: unknown, match: EventMatch): boolean {
  return Object.entries(match).every(([path, wanted]) => {
    const found = path.split(".").reduce<unknown>(member, payload);
    return found !== undefined && found === wanted;
  });
}

function member(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}
