import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { AssistantMessage } from "../llm/model.ts";
import { fromKept, toKept } from "./kept-message.ts";

const input = { path: "src/a.js", oldText: "return a - b;".repeat(20), newText: "return a + b;".repeat(20) };
const text = "The sign belongs to the whole duration, so it leaves the pattern of a part.";
const turn = (more: Partial<AssistantMessage>): AssistantMessage => ({
  ...{ role: "assistant", text, calls: [{ id: "1", name: "editFile", input }] },
  ...{ usage: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 }, costUsd: 0 },
  native: { provider: "anthropic", content: [] },
  ...more,
});
/** As `jsonb` gives it back: keys by their length, then by their letters. */
const stored = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_key, item: unknown) => {
    if (item === null || typeof item !== "object" || Array.isArray(item)) return item;
    const byLength = (a: string, b: string) => a.length - b.length || (a < b ? -1 : 1);
    return Object.fromEntries(Object.entries(item).sort(([a], [b]) => byLength(a, b)));
  });

test.each([
  [
    "Anthropic's",
    [
      { type: "thinking", thinking: "Hm.", signature: "x" },
      { type: "text", text },
      { type: "tool_use", id: "1", input },
    ],
  ],
  [
    "OpenAI's",
    [
      { type: "message", content: [{ type: "output_text", text, annotations: [] }] },
      { type: "function_call", call_id: "1", arguments: JSON.stringify(input) },
    ],
  ],
])("%s form of a turn comes back as it was, and takes hardly any room", (_name, content) => {
  const message = turn({ native: { provider: "x", content } });
  const kept = toKept(message);
  expect(fromKept(stored(kept) as AssistantMessage)).toEqual(message);
  expect(JSON.stringify(kept.role === "assistant" && kept.native).length).toBeLessThan(300);
  expect(JSON.stringify(kept)).toContain(input.oldText);
});

test("the bytes of arguments that are JSON are the same, whatever the order of their keys", () => {
  const json = JSON.stringify(input);
  const back = fromKept(
    stored(toKept(turn({ native: { provider: "x", content: json } }))) as AssistantMessage,
  );
  expect(back).toHaveProperty("native.content", json);
});

test("what a model wrote that looks like a pointer stays what it wrote", () => {
  const odd = { $input: 0, $text: [0, 5], list: [{ $text: [0, 5] }] };
  const message = turn({
    calls: [{ id: "1", name: "editFile", input: odd }],
    native: { provider: "x", content: [{ type: "tool_use", input: odd }] },
  });
  expect(fromKept(stored(toKept(message)) as AssistantMessage)).toEqual(message);
});

test("any turn comes back as it was", () => {
  const inputs = fc.dictionary(fc.string(), fc.jsonValue());
  const texts = fc.string({ minLength: 0, maxLength: 200 });
  fc.assert(
    fc.property(fc.array(inputs, { maxLength: 3 }), fc.array(texts, { maxLength: 3 }), (all, parts) => {
      const message = turn({
        text: parts.join("\n"),
        calls: all.map((one, at) => ({ id: `${at}`, name: "call", input: one })),
        native: {
          provider: "x",
          content: [
            ...parts.map((part) => ({ type: "text", text: part })),
            ...all.flatMap((one) => [{ type: "tool_use", input: one }, { arguments: JSON.stringify(one) }]),
          ],
        },
      });
      const plain = JSON.parse(JSON.stringify(message));
      expect(fromKept(JSON.parse(JSON.stringify(toKept(plain))))).toEqual(plain);
    }),
  );
});
