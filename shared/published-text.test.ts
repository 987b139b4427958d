import { expect, test } from "@jest/globals";
import { publishedValue } from "./published-text.ts";

test("every text of an answer is cleaned, and nothing that is no Markdown", () => {
  const list = [{ path: "@types/x.ts", line: 3, text: "@b", suggestion: 'import "@b/c";' }];
  expect(publishedValue({ title: "By @a", list, none: null })).toEqual({
    title: "By @\u200ba",
    list: [{ path: "@types/x.ts", line: 3, text: "@\u200bb", suggestion: 'import "@b/c";' }],
    none: null,
  });
});
