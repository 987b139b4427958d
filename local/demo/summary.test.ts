import { expect, test } from "@jest/globals";
import { failureReport } from "./failure-report.ts";
import { nothing, type Outcome } from "./outcome.ts";
import { type SummaryInput, summary } from "./summary.ts";

const plain = (_style: unknown, text: string) => text;
const marked = (style: unknown, text: string) => `<${String(style)}>${text}</>`;
const outcome: Outcome = {
  ...nothing,
  pullRequest: {
    number: 2,
    title: "Mend it",
    body: "Because.",
    url: "http://127.0.0.1:1/demo/x/pull/2",
    head: { branch: "afu9/issue-1", sha: "0123456789abcdef" },
    base: { branch: "main", sha: "fedcba9876543210" },
    draft: false,
  },
  checkRuns: [{ name: "AFU-9", status: "completed", conclusion: "success" }],
  tokens: { input: 1000, output: 200, cacheRead: 30, cacheWrite: 4 },
  costUsd: 0.5,
  turns: 11,
  seconds: 12.34,
};
const command = {
  command: "node --test",
  exitCode: 1,
  status: "failed",
  durationMs: 1,
  output: "ℹ pass 6\nℹ fail 1",
};
const input: SummaryInput = {
  outcome,
  issueUrl: "http://127.0.0.1:1/demo/x/issues/1",
  diff: "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-old\n+new\n",
  before: { passed: false, commands: [command] },
  after: {
    passed: true,
    commands: [{ ...command, exitCode: 0, status: "passed", output: "ℹ pass 7\nℹ fail 0" }],
  },
  isScripted: true,
};

test("the summary has the pull request, the diff, the tests and what it took", () => {
  expect(summary(input, plain)).toBe(`Pull request #2  Mend it
  http://127.0.0.1:1/demo/x/pull/2
  afu9/issue-1 at 0123456, for main
  check run AFU-9: success
  the issue: http://127.0.0.1:1/demo/x/issues/1

Diff
  diff --git a/x b/x
  --- a/x
  +++ b/x
  @@ -1 +1 @@
  -old
  +new

Tests before
  ✖ \`node --test\` failed with exit code 1
    ℹ pass 6
    ℹ fail 1

Tests after
  ✔ \`node --test\` passed
    ℹ pass 7
    ℹ fail 0

11 turns · 1,234 tokens (30 from the cache) · nothing paid (a scripted model; its tokens are estimated) · 12.3 seconds`);
});

test("the diff is coloured where colours are wanted", () => {
  const text = summary(input, marked);
  expect(text).toContain("<red>-old</>");
  expect(text).toContain("<green>+new</>");
  expect(text).toContain("<dim>--- a/x</>");
});

test("a live model's cost is named", () => {
  expect(summary({ ...input, isScripted: false }, plain)).toContain("· $0.5000 ·");
});

test("a diff of thousands of lines is cut, and says so", () => {
  const diff = `${"+line\n".repeat(1000)}`;
  expect(summary({ ...input, diff }, plain)).toContain("… 600 more lines");
});

test("a repository with nothing to verify with says that in place of the tests", () => {
  const check = { passed: true, commands: [], note: "There is nothing to verify with." };
  expect(summary({ ...input, before: undefined, after: check }, plain)).toContain(
    "Tests after\n  There is nothing to verify with.",
  );
});

test("a failure names the step, its reason, and the end of a long output", () => {
  const error = [
    "Verification failed 3 times.",
    ...Array.from({ length: 100 }, (_, at) => `output ${at}`),
  ].join("\n");
  const step = {
    id: "implement",
    name: "Write",
    isAgent: true,
    status: "failed",
    error,
    durationMs: 1,
    output: undefined,
  };
  const spent = { turns: 0, input: 0, output: 0, cacheRead: 0, cacheWrite: 0, costUsd: 0 };
  const rows = { deliveries: [], steps: [step], messages: [], toolCalls: [], spent };
  const lines = failureReport(error, nothing, rows, plain).split("\n");
  expect(lines.slice(0, 3)).toEqual([
    'The step "Write" failed.',
    "  Verification failed 3 times.",
    "  … 61 lines …",
  ]);
  expect(lines.at(-1)).toBe("  output 99");
});
