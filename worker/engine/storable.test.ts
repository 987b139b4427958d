import { expect, test } from "@jest/globals";
import { storable } from "./storable.ts";

test.each<[string, unknown, unknown]>([
  ["a NUL character", "a\u0000b", "a\uFFFDb"],
  ["half of a character", ["\ud83d", "\ude00x"], ["\uFFFD", "\uFFFDx"]],
  ["a NUL character in a key", { "a\u0000": { "\udc00": 1 } }, { "a\uFFFD": { "\uFFFD": 1 } }],
  ["a whole character of two halves", "😀", "😀"],
  ["text that looks like an escape", "\\u0000 \\\\ud800 \\\u0000", "\\u0000 \\\\ud800 \\\uFFFD"],
  ["other escapes", '"\n\t\\\u0001', '"\n\t\\\u0001'],
])("%s is kept as far as PostgreSQL takes it", (_name, value, expected) => {
  expect(JSON.parse(storable(value) ?? "")).toEqual(expected);
});

test("undefined is no value", () => {
  expect(storable(undefined)).toBeNull();
});
