import { expect, test } from "@jest/globals";
import { closest } from "./closest.ts";

const known = ["run", "review", "retry", "status", "fix-ci"];

test.each([
  ["rnu", "run"],
  ["ru", "run"],
  ["rune", "run"],
  ["RUN", "run"],
  ["stauts", "status"],
  ["reveiw", "review"],
  ["fixci", "fix-ci"],
])("%s may have been meant to be %s", (word, meant) => {
  expect(closest(word, known)).toBe(meant);
});

test.each(["", "nru", "deploy", "x".repeat(10_000)])("%s is like none of them", (word) => {
  expect(closest(word, known)).toBeUndefined();
});
