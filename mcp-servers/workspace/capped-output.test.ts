import { expect, test } from "@jest/globals";
import { cappedOutput } from "./capped-output.ts";

function capped(head: number, tail: number, chunks: string[]): string {
  const output = cappedOutput({ head, tail });
  for (const chunk of chunks) output.add(Buffer.from(chunk));
  return output.text();
}

test("a short output is kept whole", () => {
  expect(capped(3, 3, ["ab", "cd", "ef"])).toBe("abcdef");
});

test("a long output keeps its beginning and its end, and says how much is missing", () => {
  expect(capped(3, 2, ["abcdefgh", "ijklmnop", "q"])).toBe("abc\n[… 12 characters left out …]\npq");
});

test("without a head only the end is kept", () => {
  expect(capped(0, 2, ["abc"])).toBe("\n[… 1 characters left out …]\nbc");
});

test("a character that comes in two chunks is one", () => {
  const output = cappedOutput({ head: 10, tail: 10 });
  const [first = 0, second = 0] = Buffer.from("é");
  output.add(Uint8Array.of(first));
  output.add(Uint8Array.of(second));
  expect(output.text()).toBe("é");
});
