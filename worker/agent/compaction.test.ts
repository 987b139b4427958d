import { expect, test } from "@jest/globals";
import type { AssistantMessage, Message, Usage, UserMessage } from "../llm/model.ts";
import { compactionDue, sent, shrinkAll, summaryIn } from "./compaction.ts";

const window = { contextTokens: 200_000, maxOutputTokens: 32_000 };
const user = (kind: UserMessage["kind"], text: string): UserMessage => ({ role: "user", kind, text });
const task = user("task", "Mend it. The plan: first this, then that.");
let ids = 0;

function turn(tokens: number, text = "I look.", calls = 1): AssistantMessage {
  const usage: Usage = { input: 10, output: 100, cacheRead: tokens - 110, cacheWrite: 0 };
  return {
    role: "assistant",
    text,
    calls: Array.from({ length: calls }, () => ({
      id: `call-${ids++}`,
      name: "readFile",
      input: { path: "a.js" },
    })),
    ...{ usage, costUsd: 0, native: { provider: "anthropic", content: [] } },
  };
}
const results = ({ calls }: AssistantMessage, text: string): Message[] =>
  calls.map(({ id, name }) => ({ role: "tool", callId: id, name, text, isError: false, durationMs: 1 }));
/** Turns with results of this length, in a window that is as full as the last one says. */
function turns(count: number, length: number, tokens: number): Message[] {
  return Array.from({ length: count }, (_, at) => turn((tokens * (at + 1)) / count)).flatMap((said) => [
    said,
    ...results(said, "x".repeat(length)),
  ]);
}
const shrinkOf = (message: UserMessage | undefined) =>
  message?.kind === "shrink" ? message.shrinks : undefined;
const texts = (messages: readonly Message[]) => messages.map(({ text }) => text);

test("while there is room, all is sent as it was said, and nothing is to be done", () => {
  const messages = [task, ...turns(20, 10_000, 100_000)];
  expect(compactionDue(messages, window)).toBeUndefined();
  expect(sent(messages)).toEqual(messages);
});

test("what was called since the last turn counts too", () => {
  const messages = [task, ...turns(20, 10_000, 140_000)];
  expect(compactionDue([...messages.slice(0, -1)], window)).toBeUndefined();
  const last = messages.at(-1);
  const flood = last ? [{ ...last, text: "x".repeat(90_000) }] : [];
  expect(compactionDue([...messages.slice(0, -1), ...flood], window)).toBeDefined();
});

test("a reply always has its room, but a model of many words does not lose its window to that", () => {
  const messages = [task, ...turns(20, 10_000, 120_000)];
  expect(compactionDue(messages, { contextTokens: 200_000, maxOutputTokens: 90_000 })).toBeDefined();
  expect(
    compactionDue([task, ...turns(20, 10_000, 90_000)], { contextTokens: 200_000, maxOutputTokens: 190_000 }),
  ).toBeUndefined();
});

test("old results are shortened first, with how to see them again, and the last turns are left alone", () => {
  const messages = [task, ...turns(20, 20_000, 165_000)];
  const due = compactionDue(messages, window);
  expect(shrinkOf(due)).toHaveLength(15);
  const after = sent([...messages, ...(due ? [due] : [])]);
  expect(after).toHaveLength(messages.length);
  expect(after[2]?.text).toBe(
    `${"x".repeat(300)}\n[19,700 more characters of this result of readFile were left out to save room: make the call again to see it as it is now.]`,
  );
  expect(after.slice(-10)).toEqual(messages.slice(-10));
});

test("of a long output that was kept, it says how the rest is read", () => {
  const said = turn(1_000);
  const [result] = results(said, `{"exitCode":1,"outputId":"7f3a","output":"${"x".repeat(5_000)}"}`);
  const messages = [task, said, ...(result ? [result] : [])];
  const shrink = shrinkAll(messages);
  expect(sent([...messages, ...(shrink ? [shrink] : [])]).at(-1)?.text).toMatch(
    /^{"exitCode":1.*readOutput with the id 7f3a shows it\.\]$/s,
  );
});

test("where shortening would free little, the model is asked for a summary, once", () => {
  const messages = [task, ...turns(20, 900, 165_000)];
  const due = compactionDue(messages, window);
  expect(due).toMatchObject({ kind: "summarise", text: expect.stringMatching(/open to-dos word for word/) });
  const asked = [...messages, ...(due ? [due] : [])];
  expect(compactionDue(asked, window)).toBeUndefined();
  // The cache has all of what is summed up.
  expect(sent(asked)).toEqual(asked);
});

test("a summary takes the place of what was said, but for the task, people's words and the last verification", () => {
  const before = [
    task,
    ...turns(3, 900, 100_000),
    user("verification", "The first one failed."),
    user("steer", "Leave the API alone."),
    ...turns(2, 900, 150_000),
    user("verification", "The second one failed."),
    user("again", "Go on."),
    ...turns(2, 900, 165_000),
    user("summarise", "Sum it up."),
  ];
  const summary = summaryIn([...before, turn(170_000, "The cause is in a.js.\n- [ ] mend a.js", 0)]);
  expect(summary?.kind).toBe("compaction");
  expect(summary?.text).toContain("The cause is in a.js.\n- [ ] mend a.js");
  const next = turn(5_000);
  const after = sent([...before, turn(170_000, "…", 0), ...(summary ? [summary] : []), next]);
  expect(texts(after)).toEqual([
    task.text,
    "Leave the API alone.",
    "The second one failed.",
    summary?.text,
    next.text,
  ]);
});

test("to-dos that the summary forgets are kept word for word", () => {
  const list = 'I go on.\n- [x] read a.js\n- [ ] mend `add` for "-0"\n- [ ] test it';
  const messages = [task, turn(1_000, list), ...turns(3, 100, 165_000), user("summarise", "Sum it up.")];
  const summary = summaryIn([...messages, turn(170_000, "I read a.js.\n- [ ] test it", 0)]);
  expect(summary?.text).toMatch(/also:\n- \[ \] mend `add` for "-0"\n\n/);
  expect(summary?.text).not.toContain("read a.js\n- [ ] mend");
});

test("a model that only calls tools when it should sum up leaves a list of its calls", () => {
  const messages = [task, ...turns(3, 100, 165_000), user("summarise", "Sum it up."), turn(170_000, " ")];
  expect(summaryIn(messages)?.text).toContain('- readFile {"path":"a.js"}');
});

test("a second summary takes the place of the first one", () => {
  const first = user("compaction", "The first summary.");
  const messages = [
    task,
    ...turns(2, 900, 165_000),
    first,
    ...turns(2, 900, 165_000),
    user("compaction", "The second."),
  ];
  expect(texts(sent(messages))).toEqual([task.text, "The second."]);
});

test("when all must go that may, it goes once", () => {
  const messages = [task, ...turns(3, 20_000, 100_000)];
  const shrink = shrinkAll(messages);
  expect(shrinkOf(shrink)).toHaveLength(3);
  expect(shrinkAll([...messages, ...(shrink ? [shrink] : [])])).toBeUndefined();
});

test("what is sent of a longer transcript begins with what was sent of a shorter one, but where it says that it does not", () => {
  const messages = [
    task,
    ...turns(6, 20_000, 100_000),
    user("steer", "Be quick."),
    ...turns(6, 20_000, 165_000),
  ];
  const due = compactionDue(messages, window);
  const whole = [...messages, ...(due ? [due] : []), ...turns(6, 2_000, 80_000)];
  const isAbout = (message: Message | undefined) => message?.role === "user" && message.kind === "shrink";
  for (let length = 1; length < whole.length; length++) {
    if (isAbout(whole[length])) continue;
    expect(sent(whole.slice(0, length + 1)).slice(0, -1)).toEqual(sent(whole.slice(0, length)));
  }
});
