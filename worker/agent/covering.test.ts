import { expect, test } from "@jest/globals";
import { parseAgent } from "./agent-definition.ts";
import { parseAnswer } from "./answer.ts";
import { covering } from "./covering.ts";

const text = (covers: string) => `---
tools: []
limits: { turns: 4, minutes: 10 }
${covers}
output: { type: object, required: [answers], properties: { answers: { type: array } } }
---
Answer.`;
const agent = parseAgent(text("covers: { input: threads, id: id, output: answers, key: thread }"), "answer");
const threads = [{ id: "a" }, { id: "b" }, { id: "c" }];

/** What is wrong with answers to these threads. */
function problem(...answered: string[]): string | undefined {
  const covered = covering(agent, { threads });
  if (!covered) throw new Error("Expected an agent");
  const answer = parseAnswer(JSON.stringify({ answers: answered.map((thread) => ({ thread })) }), covered);
  return "problem" in answer ? answer.problem : undefined;
}

test("an answer with one entry for each item is used, in whatever order", () => {
  expect(problem("c", "a", "b")).toBeUndefined();
});

test("entries that are missing, unknown or there twice are named", () => {
  expect(problem("b", "x", "b")).toBe(
    "answers: there is no entry for a, c of `threads`; answers: there is no x in `threads`; answers: there is more than one entry for b",
  );
});

test("an agent that covers nothing is left as it is, and one that is not there, too", () => {
  const plain = parseAgent(text(""), "plain");
  expect(covering(plain, { threads })).toBe(plain);
  expect(covering(undefined, {})).toBeUndefined();
});
