import { setTimeout } from "node:timers/promises";

/** What is slow is asked for less often: each question takes time from what is waited for. */
const [shortestMs, longestMs] = [50, 400];

/** Waits for a condition: asks again and again until the answer is not undefined. Throws with `what` when it takes too long. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined>,
  seconds = 60,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (let pauseMs = shortestMs; ; pauseMs = Math.min(pauseMs * 1.25, longestMs)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`Waited ${seconds} s for this in vain: ${what}`);
    await setTimeout(pauseMs);
  }
}
