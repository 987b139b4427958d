import { expect, test } from "@jest/globals";
import { hunkAt } from "./hunks.ts";

const patch = [
  "@@ -1,3 +1,3 @@",
  " one",
  "-two",
  "+zwei",
  " three",
  "@@ -10 +10,2 @@ function ten()",
  " ten",
  "+eleven",
  "\\ No newline at end of file",
].join("\n");

test.each([
  ["RIGHT", 2, "@@ -1,3 +1,3 @@\n one\n-two\n+zwei"],
  ["LEFT", 2, "@@ -1,3 +1,3 @@\n one\n-two"],
  ["RIGHT", 11, "@@ -10 +10,2 @@ function ten()\n ten\n+eleven"],
  ["LEFT", 11, undefined],
  ["RIGHT", 5, undefined],
  ["RIGHT", 12, undefined],
] as const)("on the side %s, line %i is shown up to itself, or not at all", (side, line, hunk) => {
  expect(hunkAt(patch, side, line)).toBe(hunk);
});
