import { expect, test } from "@jest/globals";
import { ApprovalRules } from "../../shared/step.ts";
import { nobodyApproved, nothingCame, stoppedAfter } from "../engine/over-time.ts";
import { buttonsFor } from "./buttons.ts";
import { checkRunState } from "./check-run-state.ts";
import type { PendingApproval, Snapshot } from "./snapshot.ts";
import { snapshot } from "./testing/snapshot.ts";

const approval: PendingApproval = {
  hash: "0123456789abcdef",
  content: "the plan",
  baseSha: null,
  environment: null,
  rules: ApprovalRules.parse({}),
  expiresAt: new Date(0),
};
const pullRequest = { number: 7, headSha: "s" };
const finding = { path: "a", line: 1, side: "RIGHT" as const, title: "t", body: "b" };

test.each<[string, Partial<Snapshot>, string, string]>([
  ["has not begun", { status: "queued", startedAt: null }, "queued", "cancel"],
  ["is at work", {}, "in_progress", "cancel"],
  ["is being cancelled", { wish: "cancel" }, "in_progress", ""],
  ["waits for an event", { status: "waiting" }, "in_progress", "cancel"],
  [
    "waits for a decision",
    { status: "waiting", approval },
    "action_required",
    "approve:01234567 reject:01234567 cancel",
  ],
  ["was paused", { status: "paused" }, "action_required", "resume cancel"],
  ["is done", { status: "succeeded" }, "success", ""],
  ["found something", { status: "succeeded", findings: [finding] }, "neutral", ""],
  ["requests changes", { status: "succeeded", findings: [finding], requestsChanges: true }, "failure", ""],
  ["has failed", { status: "failed" }, "failure", "retry"],
  ["has failed on its pull request", { status: "failed", pullRequest }, "failure", "retry fix"],
  ["was cancelled", { status: "cancelled" }, "cancelled", "retry"],
  ["was cancelled before it began", { status: "cancelled", startedAt: null }, "skipped", "retry"],
])("one that %s", (_name, changed, state, buttons) => {
  const seen = snapshot(changed);
  const shown = checkRunState(seen);
  expect("conclusion" in shown ? shown.conclusion : shown.status).toBe(state);
  expect(
    buttonsFor(seen)
      .map(({ identifier }) => identifier)
      .join(" "),
  ).toBe(buttons);
  for (const { identifier, label, description } of buttonsFor(seen)) {
    expect(identifier.length).toBeLessThanOrEqual(20);
    expect(label.length).toBeLessThanOrEqual(20);
    expect(description.length).toBeLessThanOrEqual(40);
  }
});

test.each([stoppedAfter(180), nothingCame("pull_request.closed", 7), nobodyApproved(7)])(
  "one whose time was over: %s",
  (error) => {
    const [step] = snapshot().steps;
    if (!step) throw new Error("Expected a step");
    const failed = snapshot({ status: "failed", steps: [{ ...step, status: "failed", error }] });
    expect(checkRunState(failed)).toEqual({ status: "completed", conclusion: "timed_out" });
  },
);
