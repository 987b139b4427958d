import { setTimeout } from "node:timers/promises";
import type { Figure } from "./figure.ts";

/** What a benchmark is given. */
export type Bench = {
  /** Aborted when a person ends it. */
  signal: AbortSignal;
  /** Only tries whether it works: a few of each. */
  isShort: boolean;
  report(...figures: Figure[]): void;
};

/** Where the queue runs. */
export type Backend = "postgres" | "redis";
export const backends: Backend[] = ["postgres", "redis"];

/** Asks again and again until the answer is not undefined. Throws with `what` when it takes too long. */
export async function until<T>(
  what: string,
  signal: AbortSignal,
  ask: () => Promise<T | undefined> | T | undefined,
  seconds = 60,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  while (true) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`Waited ${seconds} s for this in vain: ${what}.`);
    await setTimeout(20, undefined, { signal });
  }
}
