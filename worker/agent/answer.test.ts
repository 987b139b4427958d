import { expect, test } from "@jest/globals";
import { parseAgent } from "./agent-definition.ts";
import { parseAnswer } from "./answer.ts";

const agent = parseAgent(
  `---
tools: []
limits: { turns: 1, minutes: 1 }
output: { type: object, required: [title], properties: { title: { type: string, minLength: 1 } } }
---
Prompt.`,
  "sample",
);

test.each([
  ["a bare object", '{"title": "Mend it"}'],
  ["a code block", 'Here it is:\n```json\n{"title": "Mend it"}\n```\nDone.'],
  ["an object after words", 'Done. {"title": "Mend it"}'],
])("the answer is read from %s", (_name, text) => {
  expect(parseAnswer(text, agent)).toEqual({ value: { title: "Mend it" } });
});

test.each([
  ["no JSON", "I am done.", /not a JSON object/],
  ["an empty reply", "", /not a JSON object/],
  ["a missing key", "{}", /title/],
  ["a wrong type", '{"title": 3}', /title/],
  ["an empty title", '{"title": ""}', /title/],
])("%s is a problem that names what is wrong", (_name, text, problem) => {
  expect(parseAnswer(text, agent)).toEqual({ problem: expect.stringMatching(problem) });
});

test("an agent's file without front matter is refused with its name", () => {
  expect(() => parseAgent("Do it.", "sample")).toThrow("agents/sample.md: expected front matter");
});
