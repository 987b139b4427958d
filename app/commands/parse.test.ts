import { expect, test } from "@jest/globals";
import { parseCommands } from "./parse.ts";

const parse = (comment: string) => parseCommands(comment, "afu-9");
const names = (comment: string) => parse(comment).map(({ name }) => name);

test.each([
  ["on a line of its own", "/afu9 run", { name: "run", rest: "", below: "" }],
  ["with words on its line", "/afu9 run use  tabs", { name: "run", rest: "use  tabs" }],
  ["with lines below", "/afu9 run\nUse tabs.\n\nNo spaces.", { rest: "", below: "Use tabs.\n\nNo spaces." }],
  [
    "with code and a quote below, which are part of it",
    "/afu9 run\n> as said\n```js\nfoo();\n```",
    { name: "run", below: "> as said\n```js\nfoo();\n```" },
  ],
  ["with code on its line", "/afu9 run mend `a b`", { name: "run", rest: "mend `a b`" }],
  ["below a line of inline code", "```npm test``` fails\n/afu9 run", { name: "run" }],
  ["below a longer fence's end", "````\n```\n````\n/afu9 run", { name: "run" }],
  ["beside a hidden comment", "<!-- a --> <!-- b -->\n/afu9 run <!-- c -->", { name: "run", rest: "" }],
  ["below a word of code that shows a comment's beginning", "Type `<!--`.\n/afu9 run", { name: "run" }],
  ["below a backtick that nothing closes", "It's `odd.\n/afu9 run\n\n`", { name: "run" }],
  ["below a backtick that means itself", "\\`odd\n/afu9 run\n`", { name: "run" }],
  ["between two items with one backtick each", "- a ` b\n/afu9 run\n- c ` d", { name: "run" }],
  ["right below a quote", "> as said\n/afu9 run", { name: "run" }],
  ["above the mail that is answered", "/afu9 run\n\n> /afu9 cancel", { name: "run" }],
  ["below what is folded", "<details><summary>Log</summary>\n\nx\n\n</details>\n/afu9 run", { name: "run" }],
  ["after other text", "Thanks!\n/afu9 run", { name: "run" }],
  ["in capitals and with CRLF", "/AFU9 Run\r\n", { name: "run", rest: "" }],
  ["with the line ends of an old Mac", "Hm.\r/afu9 run\rit", { name: "run", below: "it" }],
  ["in full width", "／ａｆｕ９　ｒｕｎ　it", { name: "run", rest: "it" }],
  [
    "with marks that nobody sees",
    "\uFEFF\u200B/afu9\u200D \u200Brun a\u200Db",
    { name: "run", rest: "a\u200Db" },
  ],
  ["without a name", "/afu9", { name: "", rest: "" }],
])("a command %s is found", (_name, comment, expected) => {
  expect(parse(comment)).toEqual([expect.objectContaining({ isMention: false, ...expected })]);
});

test.each([
  ["in a quote", "> /afu9 run"],
  ["in a code block", "```\n/afu9 run\n```"],
  ["in a code block that shows another's opening", "```\n```js\n/afu9 run\n```"],
  ["in a code block with a shorter fence in it", "````\n```\n/afu9 run\n````"],
  ["in a code block of another character", "~~~\n```\n/afu9 run\n~~~"],
  ["in a code block that is not closed", "~~~\n/afu9 run"],
  ["in indented code", "    /afu9 run"],
  ["in code that goes over lines", "Type `this:\n/afu9 run\n`."],
  ["in a tag for code", "<pre>\n\n/afu9 run\n</pre>"],
  ["in what is folded away", "<details>\n<details>\n</details>\n/afu9 run\n</details>"],
  ["in a hidden comment", "<!--\n\n/afu9 run\n-->"],
  ["in a hidden comment within a text", "So <!-- or\n/afu9 run\n--> not."],
  ["in the mail that is answered", "Thanks.\n-----Original Message-----\nFrom: a\n\n/afu9 run"],
  ["in the middle of a line", "Type /afu9 run"],
  ["as a part of a word", "/afu99 run"],
  ["that AFU-9 wrote to be read only", "/\u200Bafu9 run"],
  ["with a mention that AFU-9 wrote to be read only", "@\u200Bafu-9 run"],
  ["with a mention of somebody else", "@afu-99 run"],
  ["with a mention in the middle of a line", "Thanks, @afu-9 run"],
])("a command %s is not one", (_name, comment) => {
  expect(parse(comment)).toEqual([]);
});

test("a command that nobody knows is found with its line", () => {
  expect(parse("Hm.\n  /afu9 rnu it")).toEqual([
    { line: "/afu9 rnu it", isMention: false, said: "rnu it", name: "rnu", rest: "it", below: "" },
  ]);
});

test.each([
  ["@afu-9 run it", "run it"],
  ["@AFU-9[bot] please mend it", "please mend it"],
  ["@afu-9: mend it", "mend it"],
  ["@afu-9", ""],
])("%s is a command by mention", (comment, said) => {
  expect(parse(comment)).toMatchObject([{ isMention: true, said }]);
  expect(parseCommands(comment)).toEqual([]);
});

test("several commands are found in their order, each with what stands below it", () => {
  const found = parse(
    "Hi.\n/afu9 pause\n/afu9 steer use tabs\nnot spaces\n\n```\n/afu9 no\n```\n@afu-9 status\n",
  );
  expect(found).toMatchObject([
    { name: "pause", rest: "", below: "" },
    { name: "steer", rest: "use tabs", below: "not spaces\n\n```\n/afu9 no\n```" },
    { name: "status", below: "" },
  ]);
  expect(names("> x\n/afu9 a\n> /afu9 b\n/afu9 c")).toEqual(["a", "c"]);
});
