import { storable } from "../../worker/engine/storable.ts";

/** Where a replay first came to something else than what was recorded. */
export type Difference = {
  step: string;
  /** What it is about: the inputs, a message to the model, a call, the outcome. */
  what: string;
  /** The place in it, `files.0.path`. */
  path: string;
  recorded: unknown;
  replayed: unknown;
};

/** Ends a replay at its first difference. */
export class Differs extends Error {
  override name = "Differs";
  readonly difference: Difference;

  constructor(difference: Difference) {
    super(`${difference.step}: ${difference.what} differs at ${difference.path || "its top"}.`);
    this.difference = difference;
  }
}

/** Throws at the first place where two values differ, once both are as a row holds them. */
export function expectSame(step: string, what: string, recorded: unknown, replayed: unknown): void {
  const found = firstDifference(asStored(recorded), asStored(replayed), []);
  if (found) throw new Differs({ step, what, ...found });
}

/** A value as it comes back from a row. */
export function asStored(value: unknown): unknown {
  return JSON.parse(storable(value ?? null) ?? "null");
}

type Found = Pick<Difference, "path" | "recorded" | "replayed">;

function firstDifference(recorded: unknown, replayed: unknown, path: string[]): Found | undefined {
  if (isObject(recorded) && isObject(replayed) && Array.isArray(recorded) === Array.isArray(replayed)) {
    for (const key of new Set([...Object.keys(recorded), ...Object.keys(replayed)])) {
      const found = firstDifference(recorded[key], replayed[key], [...path, key]);
      if (found) return found;
    }
    return undefined;
  }
  return recorded === replayed ? undefined : { path: path.join("."), recorded, replayed };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
