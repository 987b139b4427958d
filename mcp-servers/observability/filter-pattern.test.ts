import { expect, test } from "@jest/globals";
import { filterPattern } from "./filter-pattern.ts";

test.each([
  "ERROR",
  "ERROR timeout",
  '"connection timed out"',
  'ERROR -"health check" -debug',
  "?ERROR ?WARN",
  '"said \\"no\\""',
  "Fehler_überall",
  "%5[0-9]{2}%",
  '{ $.level = "error" }',
  '{ $.level = "error" && ($.status >= 500 || $.path != "/health") }',
  "{ $.requests[0].id = 17 }",
  "[ip, user, ..., status = 5*, size]",
])("%s is a filter pattern", (pattern) => {
  expect(filterPattern.parse(pattern)).toBe(pattern);
});

test.each([
  ["nothing", ""],
  ["a quote that is not closed", 'ERROR "timed'],
  ["a way out of a quote", '"a" } | { "b"'],
  ["a brace that is not closed", '{ $.level = "error"'],
  ["JSON without a field", '{ "level": "error" }'],
  ["a shell's command", "ERROR; rm -rf /"],
  ["a shell's substitution", "$(id)"],
  ["a shell's backticks", "`id`"],
  ["a query of Logs Insights", "fields @message | filter @message like /x/"],
  ["a second command in a selector", "{ $.level = 1; id }"],
  ["a line break", "ERROR\nWARN"],
  ["a NUL", "ERROR\u0000"],
  ["a terminal's sequence", "\u001b[31mERROR"],
  ["hidden characters", "ERR\u200bOR"],
  ["half a character", "ERROR\ud800"],
  ["a pattern that is too long", "a".repeat(1_025)],
])("%s is refused", (_, pattern) => {
  expect(filterPattern.safeParse(pattern).success).toBe(false);
});

// A reader that tried every way would not come to its end before the test's time is up.
test.each(["a ", "?a ", '"a" ', "%a%", "{ $.a ", '{ $.a = "'])(
  "the longest pattern of %j is read and refused, when it is wrong at its end",
  (part) => {
    expect(filterPattern.safeParse(`${part.repeat(1_024).slice(0, 1_023)};`).success).toBe(false);
  },
);
