import { styleText } from "node:util";
import { expect, test } from "@jest/globals";
import { age, cost, table } from "./wording.ts";

test("columns are as wide as their widest cell, whatever their colour and script", () => {
  const red = (text: string) => styleText("red", text, { validateStream: false });
  const text = table(
    ["A", "LONG HEAD", "C"],
    [
      ["1", red("failed"), "x"],
      ["größer 🎉", "-", ""],
    ],
  );
  expect(text.split("\n")).toEqual([
    "A         LONG HEAD  C",
    `1         ${red("failed")}     x`,
    "größer 🎉  -",
  ]);
});

test.each([
  [-500, "0 s"],
  [999, "0 s"],
  [59_999, "59 s"],
  [60_000, "1 min"],
  [3_599_999, "59 min"],
  [3_600_000, "1 h"],
  [86_399_999, "23 h"],
  [40 * 86_400_000, "40 d"],
])("an age of %i ms is %s", (milliseconds, text) => {
  expect(age(milliseconds)).toBe(text);
});

test("nothing spent is no number, and little is not rounded to nothing", () => {
  expect([0, 0.0012, 1.5].map(cost)).toEqual(["-", "$0.0012", "$1.50"]);
});
