import { setTimeout } from "node:timers/promises";

/** Waits for a condition: asks again and again until the answer is not undefined. Throws with `what` when it takes too long. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  seconds = 60,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  while (true) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`Waited ${seconds} s for this in vain: ${what}`);
    await setTimeout(50);
  }
}
