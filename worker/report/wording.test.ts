import { expect, test } from "@jest/globals";
import type { Account } from "../../shared/budget.ts";
import type { Snapshot } from "./snapshot.ts";
import { id, snapshot } from "./testing/snapshot.ts";
import { body, comment as commentAt, headline, marker } from "./wording.ts";

const comment = (of: Snapshot, publicUrl?: string) =>
  commentAt(of, { serverUrl: "https://github.com", publicUrl });

test("while it runs, the comment shows how far it is and what it has cost", () => {
  expect(comment(snapshot())).toBe(
    [
      `<!-- afu9:execution:${id} -->`,
      "### AFU-9 is working on this",
      "- [x] Read the issue (1.2 s)\n- [ ] ⏳ Plan the change\n- [ ] Remove the checkout",
      `<sub>2 turns, 12,345 tokens, $0.5000 · execution \`${id}\` · \`/afu9 steer …\` tells the agent something, \`/afu9 pause\` and \`/afu9 cancel\` stop it.</sub>`,
    ].join("\n\n"),
  );
});

test("when it is done, the comment names the pull request and what was verified", () => {
  const text = comment(
    snapshot({
      status: "succeeded",
      pullRequest: { number: 7, headSha: "s" },
      evidence: "- `node --test`: passed, exit code 0",
    }),
  );
  expect(text).toContain("### AFU-9 is done\n\nPull request: #7 · [check run](");
  expect(text).toContain("**Verified:**\n\n- `node --test`: passed, exit code 0");
  expect(text).not.toContain("/afu9 run");
});

test("the comment links to the check run, and to the execution where that can be seen", () => {
  const pullRequest = { number: 7, headSha: "s" };
  const text = comment(snapshot({ pullRequest, checkRunId: 9n }), "https://afu9.example.com");
  expect(text).toContain(
    `\n\nPull request: #7 · [check run](https://github.com/acme/sample/pull/7/checks) · [execution](https://afu9.example.com/executions/${id})\n\n`,
  );
  const onPull = comment(snapshot({ pullRequest: { number: 3, headSha: "s" } }));
  expect(onPull).not.toContain("Pull request:");
});

test("what was wrong with the configuration is said", () => {
  expect(comment(snapshot({ configNotice: "`.github/afu9.yml` can't be used." }))).toContain(
    "⚠️ `.github/afu9.yml` can't be used.",
  );
});

test("when it failed, the comment says why, in a block that the reason can't end, and what to type next", () => {
  const text = comment(snapshot({ status: "failed", error: "it said:\n```\n@everyone <!-- x\n````" }));
  expect(text).toContain("### AFU-9 could not do this");
  expect(text).toContain("**Why:**\n\n`````\nit said:\n```\n@everyone <!-- x\n````\n`````");
  expect(text).toContain("Comment `/afu9 retry` to go on from the step that failed");
});

test("a long reason is cut and what is left out is counted; the end of the comment stays", () => {
  const text = comment(
    snapshot({ status: "failed", error: `${"x".repeat(19_999)}😀${"y".repeat(100_000)}` }),
  );
  expect(text.length).toBeLessThan(65_536);
  expect(text.isWellFormed()).toBe(true);
  expect(text).toContain("… 100001 characters left out");
  expect(text.endsWith("</sub>")).toBe(true);
});

test("evidence of any length leaves the comment within GitHub's limit", () => {
  const text = comment(snapshot({ status: "succeeded", evidence: "e".repeat(200_000) }));
  expect(text.length).toBeLessThan(65_536);
  expect(text.endsWith("</sub>")).toBe(true);
});

test("the comment begins with its marker, and the check run has the same list under a headline", () => {
  expect(comment(snapshot()).startsWith(marker(id))).toBe(true);
  expect(headline(snapshot({ status: "cancelled" }))).toBe("AFU-9 was stopped");
  expect(comment(snapshot())).toContain(body(snapshot()));
});

const spent = (scope: Account["scope"], usd: number, limit: number): Account => ({
  scope,
  spent: { usd, tokens: 1_000 },
  reserved: { usd: 0, tokens: 0 },
  limit: { usd: limit, tokens: 100_000 },
});

test("what it has cost stands beside what it may cost, without a warning while there is enough", () => {
  const text = body(snapshot({ accounts: [spent("execution", 3.99, 5), spent("repository", 30, 50)] }));
  expect(text).toContain("2 turns, 12,345 tokens, $0.5000 of $5.00 · execution");
  expect(text).not.toContain("⚠️");
});

test("from 80 % on it warns, of each budget that is nearly spent, with what can be typed where that helps", () => {
  const accounts = [spent("execution", 4, 5), spent("issue", 5, 20), spent("repository", 49.9, 50)];
  const warnings = body(snapshot({ accounts }))
    .split("\n\n")
    .filter((line) => line.startsWith("⚠️"));
  expect(warnings).toEqual([
    "⚠️ **80 % of the budget of this execution is spent** ($4.00 of $5.00, 1,000 of 100,000 tokens). When nothing is left, the work pauses and asks; `/afu9 budget +5` adds 5 USD.",
    "⚠️ **99 % of the budget of this repository today is spent** ($49.90 of $50.00, 1,000 of 100,000 tokens). When nothing is left, the work pauses and asks.",
  ]);
  expect(body(snapshot({ status: "failed", finishedAt: new Date(), accounts }))).not.toContain("⚠️");
});

test("one that is paused for a decision says so, why, and what to type; one that a person paused does not", () => {
  const why = "The budget of this execution is spent: $4.90 of $5.00. Comment `/afu9 budget +5`";
  const parked = snapshot({ status: "paused", error: why, accounts: [spent("execution", 4.9, 5)] });
  expect(headline(parked)).toBe("AFU-9 is paused and needs your decision");
  expect(body(parked)).toContain(`**Why:**\n\n\`\`\`\n${why}\n\`\`\``);
  expect(body(parked)).not.toContain("⚠️");
  expect(body(parked)).toContain("`/afu9 resume` lets it go on");
  expect(headline(snapshot({ status: "paused" }))).toBe("AFU-9 is paused");
});
