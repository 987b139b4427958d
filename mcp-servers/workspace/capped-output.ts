// Keeps the beginning and the end of an output of any length, in bounded memory.

export type OutputCap = { head: number; tail: number };

export function cappedOutput({ head, tail }: OutputCap) {
  const decoder = new TextDecoder();
  let start = "";
  let end = "";
  let leftOut = 0;

  function add(text: string): void {
    const room = head - start.length;
    start += text.slice(0, Math.max(room, 0));
    end += text.slice(Math.max(room, 0));
    // Cut only now and then: cutting at every chunk would copy the whole tail each time.
    if (end.length > 2 * tail) cut();
  }

  function cut(): void {
    const surplus = end.length - tail;
    if (surplus <= 0) return;
    leftOut += surplus;
    end = end.slice(surplus);
  }

  return {
    add: (bytes: Uint8Array) => add(decoder.decode(bytes, { stream: true })),
    /** The text, with a note in the middle that says how much is missing. */
    text(): string {
      add(decoder.decode());
      cut();
      if (leftOut === 0) return start + end;
      return `${start}\n[… ${leftOut} characters left out …]\n${end}`;
    },
  };
}
