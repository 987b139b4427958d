import { expect, test } from "@jest/globals";
import { describeCheck, essence, readCheck } from "./check.ts";

const passed = { command: "npm test", exitCode: 0, status: "passed", durationMs: 5, output: "" };
const failed = { ...passed, command: "npm run lint", exitCode: 2, status: "failed" };

test.each([
  [{ passed: true, commands: [passed] }, "`npm test` passed"],
  [{ passed: false, commands: [passed, failed] }, "`npm run lint` failed with exit code 2"],
  [
    { passed: false, commands: [{ ...failed, exitCode: null, status: "timed-out" }] },
    "`npm run lint` timed out",
  ],
  [
    { passed: true, commands: [], note: "There is nothing to verify with." },
    "There is nothing to verify with.",
  ],
  [{ passed: false, commands: [], reason: "No file was changed." }, "No file was changed."],
])("the check %j is described in a line", (check, text) => {
  expect(describeCheck(check)).toBe(text);
});

test("what is no check is not taken for one", () => {
  expect(readCheck({ number: 1 })).toBeUndefined();
  expect(readCheck(undefined)).toBeUndefined();
});

test.each([
  ["✔ one\nℹ tests 7\nℹ suites 0\nℹ pass 6\nℹ fail 1\n\n✖ failing", ["ℹ tests 7", "ℹ pass 6", "ℹ fail 1"]],
  ["....\n======= 3 passed in 0.1s =======\n", ["======= 3 passed in 0.1s ======="]],
  ["F\n1 failed, 2 passed in 0.02s", ["1 failed, 2 passed in 0.02s"]],
  ["Tests:       1 failed, 2 passed, 3 total\nTime: 1 s", ["Tests:       1 failed, 2 passed, 3 total"]],
  ["test a ... ok\ntest result: ok. 1 passed", ["test result: ok. 1 passed"]],
  ["ok  \texample.com/x\t0.002s", ["ok  \texample.com/x\t0.002s"]],
  ["a\n\nb\nc\nd\ne\nf\ng", ["b", "c", "d", "e", "f", "g"]],
  ["", []],
])("of the output %j the telling lines are kept", (output, lines) => {
  expect(essence(output)).toEqual(lines);
});
