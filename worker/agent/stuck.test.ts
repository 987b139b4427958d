import { expect, test } from "@jest/globals";
import type { Message } from "../llm/model.ts";
import { stuckIn } from "./stuck.ts";

type Said = { name: string; input: Record<string, unknown>; text?: string; isError?: boolean };
let ids = 0;

/** A turn with these calls and their results. */
function turn(...calls: Said[]): Message[] {
  const made = calls.map((call) => ({ ...call, id: `call-${ids++}` }));
  return [
    {
      role: "assistant",
      text: `Thought ${ids}`,
      calls: made.map(({ id, name, input }) => ({ id, name, input })),
      usage: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 },
      costUsd: 0,
      native: { provider: "anthropic", content: [] },
    },
    ...made.map(
      ({ id, name, text = "ok", isError = false }): Message => ({
        ...{ role: "tool", callId: id, name, text, isError, durationMs: ids },
      }),
    ),
  ];
}
const read = (path: string, text?: string) => turn({ name: "readFile", input: { path }, text });
const edit = (oldText: string, newText: string, more: Partial<Said> = {}) =>
  turn({ name: "editFile", input: { path: "a.js", oldText, newText }, ...more });
const write = (content: string, path = "a.js") => turn({ name: "writeFile", input: { path, content } });
const tests = (text: string) => turn({ name: "runCommand", input: { command: "npm test" }, text });
const person: Message = { role: "user", kind: "steer", text: "Look again." };

test.each<[string, Message[][], RegExp]>([
  [
    "the same call with the same result",
    [read("a"), read("a"), read("a")],
    /`readFile` with {"path":"a"} 3 times in a row/,
  ],
  [
    "two turns that take turns",
    [read("a"), read("b"), read("a"), read("b"), read("a"), read("b")],
    /`readFile` with {"path":"b"} 3 times/,
  ],
  [
    "an error that comes again, whatever is said about it",
    [edit("x", "y", { isError: true }), edit("x", "y", { isError: true }), edit("x", "y", { isError: true })],
    /`editFile`/,
  ],
  [
    "tests that fail in the same way, but for the time that they took",
    [
      tests("1 failed in 12 ms\nduration_ms 12.5"),
      tests("1 failed in 9 ms\nduration_ms 9.1"),
      tests("1 failed in 1.5s\nduration_ms 7"),
    ],
    /npm test/,
  ],
  [
    "edits that undo each other",
    [edit("A", "B"), tests("1"), edit("B", "A"), tests("2"), edit("A", "B")],
    /changes `a.js` back and forth/,
  ],
  ["a file that is written to and fro", [write("A"), write("B"), write("A"), write("B")], /back and forth/],
])("%s is no progress", (_name, turns, reason) => {
  expect(stuckIn(turns.flat())).toMatch(reason);
  // Who has come one turn less far may still do better.
  expect(stuckIn(turns.slice(0, -1).flat())).toBeUndefined();
});

test.each<[string, Message[][]]>([
  ["the same call with another result", [read("a", "1"), read("a", "2"), read("a", "3")]],
  [
    "tests that fail in the same way after other edits",
    [edit("1", "2"), tests("x"), edit("2", "3"), tests("x"), edit("3", "4"), tests("x")],
  ],
  [
    "a call that is made three times, with others between",
    [read("a"), read("b"), read("a"), read("c"), read("d"), read("a")],
  ],
  [
    "the same three calls in one turn",
    [turn(...Array.from({ length: 3 }, () => ({ name: "readFile", input: {} })))],
  ],
  ["an edit that is taken back once", [edit("A", "B"), edit("B", "A")]],
  ["edits of other files", [write("A"), write("B", "b.js"), write("A"), write("B", "b.js")]],
  ["what a person has spoken about since", [read("a"), read("a"), [person], read("a")]],
])("%s is", (_name, turns) => {
  expect(stuckIn(turns.flat())).toBeUndefined();
});
