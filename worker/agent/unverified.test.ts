import { expect, test } from "@jest/globals";
import { unverified } from "./unverified.ts";

const command = { command: "npm test", status: "passed", exitCode: 0, output: "" };

test("nothing is left out of what passed whole", () => {
  expect(unverified({ passed: true, commands: [command], weakened: [] })).toBe("");
});

test("that nothing was run, that it failed, and where tests were weakened is told, each on a line", () => {
  expect(unverified({ passed: true, commands: [], note: "There is nothing to verify with." })).toBe(
    "- There is nothing to verify with.",
  );
  const weakened = [{ path: "a`.test.js", what: "2 of 5 assertions were removed" }];
  expect(unverified({ passed: false, commands: [command], reason: "`npm test` failed.", weakened })).toBe(
    "- It did not pass: `npm test` failed. What would have come after it was not run.\n- 2 of 5 assertions were removed: `a'.test.js`",
  );
});
