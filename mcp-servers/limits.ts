// What one call may take: time, and room in the answer.

export type Limits = {
  /** After this the call is aborted, and the caller is told. */
  timeoutMs: number;
  /** The longest answer, as text. */
  maxResultCharacters: number;
};

export const defaultLimits: Limits = {
  // AFU-9's own client waits for 30 seconds: it shall hear what became of the call.
  timeoutMs: 25_000,
  maxResultCharacters: 1_000_000,
};

/** A call took longer than its tool may. */
export class TimeIsUp extends Error {
  override name = "TimeIsUp";
}

/**
 * Gives work a signal that aborts with `signal` or when the time is up, and waits no longer than that: also work that does
 * not listen is left behind. Throws `TimeIsUp`.
 */
export async function withinTime<T>(
  timeoutMs: number,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const clock = new AbortController();
  const timeIsUp = () => clock.abort(new TimeIsUp(`it took longer than ${timeoutMs / 1000} s`));
  // It keeps no process alive.
  const timer = setTimeout(timeIsUp, timeoutMs).unref();
  const aborted = new Promise<never>((_, reject) => {
    clock.signal.addEventListener("abort", () => reject(clock.signal.reason));
  });
  try {
    return await Promise.race([work(AbortSignal.any([signal, clock.signal])), aborted]);
  } finally {
    clearTimeout(timer);
    // Whatever the work made of the abort, the time is the reason.
    clock.signal.throwIfAborted();
  }
}

/** A text that is too long loses its end, and says so. */
export function withinSize(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const note = `\n[… ${text.length} characters are more than the ${maxCharacters} that are given; the rest is left out. Ask for less at once …]`;
  return text.slice(0, Math.max(0, maxCharacters - note.length)).toWellFormed() + note;
}
