import { expect, test } from "@jest/globals";
import { withoutForeignImages } from "./foreign-images.ts";

test.each([
  ["![x](https://evil.test/p.png?k=1)", "`https://evil.test/p.png?k=1`"],
  [
    "a ![x][ref] b\n\n[ref]: https://evil.test/k 'title'",
    "a `https://evil.test/k` b\n\n[ref]: https://evil.test/k 'title'",
  ],
  ["- item\n\n  > ![x](//evil.test/k)", "- item\n\n  > `//evil.test/k`"],
  ["[![x](https://evil.test/k)](https://a.test)", "[`https://evil.test/k`](https://a.test)"],
  ['<img src="https://evil.test/k">', '&lt;img src="https://evil.test/k">'],
  ["<picture><SOURCE srcset=x></picture>", "&lt;picture>&lt;SOURCE srcset=x>&lt;/picture>"],
])("an image that would be fetched from elsewhere is its address: %s", (text, expected) => {
  expect(withoutForeignImages(text)).toBe(expected);
});

test.each([
  "A **bold** [link](https://a.test), a < b, and `![x](y)` in code\n",
  "<details><summary>Log</summary>\n\nok\n\n</details>",
])("all else stays as it is: %s", (text) => {
  expect(withoutForeignImages(text)).toBe(text);
});

test("an image on a host that is named stays", () => {
  const text = "![x](https://github.com/acme/sample/raw/main/a.png)";
  expect(withoutForeignImages(text, ["github.com"])).toBe(text);
});
