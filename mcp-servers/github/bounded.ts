// A model reads what tools give back: each answer has an end, and says what it leaves out.

/** The beginning of a text. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text.slice(0, max).toWellFormed()}\n… (${text.length - max} more characters are left out)`;
}

/** The items from the first on whose sizes stay within `max` together. */
export function within<T>(items: T[], max: number, sizeOf: (item: T) => number): T[] {
  let left = max;
  const end = items.findIndex((item) => {
    left -= sizeOf(item);
    return left < 0;
  });
  return end < 0 ? items : items.slice(0, end);
}

/** The last `max` bytes of a stream as text, and whether there were more. Whatever its length, no more is held. */
export async function tailOf(
  stream: ReadableStream<Uint8Array>,
  max: number,
): Promise<{ text: string; isCut: boolean }> {
  let kept = Buffer.alloc(0);
  let total = 0;
  for await (const chunk of stream) {
    total += chunk.length;
    kept = Buffer.concat([kept, chunk.subarray(-max)]).subarray(-max);
  }
  const isCut = total > kept.length;
  const text = kept.toString("utf8");
  // The first line is a part of one.
  return { text: isCut ? text.slice(text.indexOf("\n") + 1) : text, isCut };
}
