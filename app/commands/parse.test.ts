import { expect, test } from "@jest/globals";
import { parseCommand } from "./parse.ts";

test.each([
  ["on a line of its own", "/afu9 run", { name: "run", instructions: "" }],
  ["with instructions on its line", "/afu9 run use tabs", { name: "run", instructions: "use tabs" }],
  [
    "with instructions below",
    "/afu9 run\nUse tabs.\n\nNo spaces.",
    { name: "run", instructions: "Use tabs.\n\nNo spaces." },
  ],
  [
    "with code and a quote below, which are part of the instructions",
    "/afu9 run\n> as said\n```js\nfoo();\n```",
    { name: "run", instructions: "> as said\n```js\nfoo();\n```" },
  ],
  ["below a line of inline code", "```npm test``` fails\n/afu9 run", { name: "run", instructions: "" }],
  ["below a longer fence's end", "````\n```\n````\n/afu9 run", { name: "run", instructions: "" }],
  [
    "beside a hidden comment",
    "<!-- a --> <!-- b -->\n/afu9 run <!-- c -->",
    { name: "run", instructions: "" },
  ],
  ["after other text", "Thanks!\n/afu9 run", { name: "run", instructions: "" }],
  ["in capitals and with CRLF", "/AFU9 Run\r\n", { name: "run", instructions: "" }],
  ["without a name", "/afu9", { name: "help", instructions: "" }],
])("a command %s is found", (_name, comment, expected) => {
  expect(parseCommand(comment)).toMatchObject(expected);
});

test.each([
  ["in a quote", "> /afu9 run"],
  ["in a code block", "```\n/afu9 run\n```"],
  ["in a code block that shows another's opening", "```\n```js\n/afu9 run\n```"],
  ["in a code block with a shorter fence in it", "````\n```\n/afu9 run\n````"],
  ["in a code block of another character", "~~~\n```\n/afu9 run\n~~~"],
  ["in a code block that is not closed", "~~~\n/afu9 run"],
  ["in indented code", "    /afu9 run"],
  ["in a hidden comment", "<!--\n/afu9 run\n-->"],
  ["in the middle of a line", "Type /afu9 run"],
  ["as a part of a word", "/afu99 run"],
])("a command %s is not one", (_name, comment) => {
  expect(parseCommand(comment)).toBeUndefined();
});

test("a command that nobody knows is found with its line", () => {
  expect(parseCommand("Hm.\n  /afu9 rnu it")).toEqual({
    line: "/afu9 rnu it",
    name: "rnu",
    instructions: "it",
  });
});

test.each([
  ["backticks", "`".repeat(500_000)],
  ["tildes and a word", `${"~".repeat(500_000)}x`],
  ["fences", "```\n".repeat(100_000)],
  ["hidden comments that are not closed", "<!--".repeat(100_000)],
  ["spaces", `/afu9${" ".repeat(500_000)}x`],
])("a large comment of %s is read in no time", (_name, comment) => {
  // What takes quadratic time here takes minutes, which jest's limit ends.
  parseCommand(comment);
});
