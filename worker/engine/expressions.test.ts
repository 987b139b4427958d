import { describe, expect, test } from "@jest/globals";
import { PermanentFault } from "../../shared/errors.ts";
import { evaluateCondition, evaluateInputs } from "./expressions.ts";

const context = {
  values: {
    issue: { number: 3, title: "`${{ secrets }}` && rm -rf /" },
    steps: { changes: { outputs: { files: [{ path: "a.js", mode: "100644" }] } } },
  },
  hasFailed: false,
  isCancelled: false,
};

describe("inputs", () => {
  test.each([
    ["a text that is one expression keeps the value's type", "${{ issue.number }}", 3],
    ["a list stays a list", "${{ steps.changes.outputs.files }}", [{ path: "a.js", mode: "100644" }]],
    ["an expression inside a text is written out", "issue-${{ issue.number }}!", "issue-3!"],
    ["a missing output is null", "${{ steps.nothing.outputs.at.all }}", null],
    ["GitHub's functions work", "${{ format('{0}/{1}', issue.number, 'x') }}", "3/x"],
    ["a text in quotes may hold the end of an expression", "a ${{ format('}}}}') }} b", "a }} b"],
    ["a quote outside of an expression opens nothing", "don't ${{ issue.number }}'s", "don't 3's"],
    ["the name of a prototype is a name like any other", "${{ steps.constructor.outputs.__proto__ }}", null],
    ["text without an expression stays", "plain", "plain"],
  ])("%s", (_name, input, expected) => {
    expect(evaluateInputs({ deep: [input] }, context)).toEqual({ deep: [expected] });
  });

  test("an output keeps every key, whatever its name and case", () => {
    const output = JSON.parse('{"constructor":1,"__proto__":{"a":1},"toString":2,"README":3,"readme":4}');
    const values = { steps: { read: { outputs: output } } };
    const given = evaluateInputs("${{ steps.read.outputs }}", {
      values,
      hasFailed: false,
      isCancelled: false,
    });
    expect(JSON.stringify(given)).toBe(JSON.stringify(output));
  });

  test("a long list comes through; a value that is too deep is refused for good", () => {
    const list = Array.from({ length: 300_000 }, (_, index) => index);
    const values = { list, deep: JSON.parse(`${"[".repeat(50_000)}${"]".repeat(50_000)}`) };
    expect(
      evaluateInputs("${{ list }}", { values: { list }, hasFailed: false, isCancelled: false }),
    ).toHaveLength(300_000);
    expect(() => evaluateInputs("${{ deep }}", { values, hasFailed: false, isCancelled: false })).toThrow(
      PermanentFault,
    );
  });

  test("what a person wrote is never evaluated", () => {
    expect(evaluateInputs("say ${{ issue.title }}", context)).toBe("say `${{ secrets }}` && rm -rf /");
  });

  test.each(["${{ frobnicate.it }}", "${{ issue. }}", "${{ fromJson('{') }}"])(
    "%s is refused by name",
    (input) => {
      expect(() => evaluateInputs(input, context)).toThrow(/^The expression `.*` can't be evaluated: /);
    },
  );
});

describe("conditions", () => {
  const failed = { ...context, hasFailed: true, isCancelled: false };
  test.each([
    [undefined, context, true],
    [undefined, failed, false],
    ["always()", failed, true],
    ["failure()", context, false],
    ["${{ failure() }}", failed, true],
    ["issue.number == 3", context, true],
    ["issue.number == 3", failed, false],
    ["failure() && issue.number == 4", failed, false],
    ["steps.nothing.outputs.x", context, false],
  ])("`%s`", (condition, given, expected) => {
    expect(evaluateCondition(condition, given)).toBe(expected);
  });
});
