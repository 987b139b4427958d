import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { marked } from "marked";
import { outgoingLine, outgoingText } from "./outgoing-text.ts";

/** With `·` where something was made inert. */
const shown = (text: string) => outgoingText(text).replaceAll("\u200b", "·");

test.each([
  ["a mention, of a team or a person", "Ask @acme/owners, @jo (_@jo_).", "Ask @·acme/owners, @·jo (_@·jo_)."],
  ["a mention by a character reference", "&#64;acme/owners &commat;jo", "&#64;·acme/owners &commat;·jo"],
  ["an image of a foreign host", "![x](https://evil.example/?d=1)", "!·[x](https://evil.example/?d=1)"],
  [
    "an image by a reference",
    "![x][y]\n\n[y]: https://evil.example/",
    "!·[x][y]\n\n[y]: https://evil.example/",
  ],
  [
    "HTML",
    '<img src="https://evil.example"> <!-- hidden -->',
    '<·img src="https://evil.example"> <·!-- hidden -->',
  ],
  ["a closing keyword", "Fixes #12, closes: a/b#3.", "F·ixes #12, c·loses: a/b#3."],
  [
    "a closing keyword before an address",
    "resolved https://github.com/a/b/issues/1",
    "r·esolved https://github.com/a/b/issues/1",
  ],
  ["a command", "/afu9 run\n  /AFU9 cancel", "/·afu9 run\n  /·AFU9 cancel"],
  [
    "a fence that is only one for who does not look closely",
    "1. a\n\n   ```\n@acme",
    "1. a\n\n   ```\n@·acme",
  ],
  ["what looks like code across cells", "| `a | @acme` |\n|--|--|", "| `a | @·acme` |\n|--|--|"],
  ["what looks like code after a span over two lines", "`a\nb` @acme `c`", "`a\nb` @·acme `c`"],
  ["text of another direction", "a\u202eb", "ab"],
])("%s does nothing any more", (_, text, expected) => {
  expect(shown(text)).toBe(expected);
});

test.each([
  "Code: `@octokit/rest`, `<b>`, and fix the bug in #12.",
  "```ts\n@Inject() names: Array<string>;\n/afu9 run\n```\n\nMail me@acme.example, 1 < 2.",
  "![a plan](https://github.com/acme/sample/raw/main/plan.png)",
  "A list:\n\n- one\n- two\n\n> quoted\n\n| a | b |\n|---|---|\n| 1 | 2 |",
])("what does nothing stays as it is: %j", (text) => {
  expect(outgoingText(text)).toBe(text);
});

test("a code block that was left open does not take in what follows", () => {
  expect(outgoingText("```\nopen")).toBe("```\nopen\n```\n");
  const fence = "`".repeat(20_000);
  expect(outgoingText(fence)).toBe(`${fence}\n${fence}\n`);
});

test.each(["![", "@a ", "fix ", "> ", "- ", "<", "[", "*a_ ", "\n"])(
  "a text of nothing but %j is cleaned, too, and only once",
  (part) => {
    const once = outgoingText(part.repeat(20_000));
    expect(once.replaceAll("\u200b", "").trim()).toBe(part.repeat(20_000).trim());
    expect(outgoingText(once) === once).toBe(true);
  },
);

test("a title is one line", () => {
  expect(outgoingLine("Mend\n it, @acme/owners ").replaceAll("\u200b", "·")).toBe("Mend it, @·acme/owners");
});

const pieces = fc.constantFrom(
  ...["@acme/x", "`", "``", "```", "~~~", "\n", "\n\n", "<pre>", "</pre>", "<!--", "-->", "<b>", "![a](//e)"],
  ...[
    "![a][b]",
    "- ",
    "> ",
    "1. ",
    "   ",
    "    ",
    "| ",
    "\\",
    "\\`",
    "word ",
    "|--|\n",
    "/afu9 run",
    "\t",
    "$",
    "*",
  ],
);

test("however it is put together, what a reader sees mentions nobody and loads nothing", () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 14 }), (parts) => {
      const html = marked.parse(outgoingText(parts.join("")), { async: false, gfm: true });
      const text = html.replace(/<code[\s\S]*?<\/code>/g, "");
      expect(text).not.toMatch(/(?<![A-Za-z0-9])@acme/);
      expect(text).not.toMatch(/<(?:img|b|pre>(?!<code))\b|<!--/);
      expect(outgoingText(outgoingText(parts.join("")))).toBe(outgoingText(parts.join("")));
    }),
    { numRuns: 500 },
  );
});
