import { expect, test } from "@jest/globals";
import { check, realWork } from "./check.ts";
import { faultsOf } from "./summary.ts";
import type { World } from "./world.ts";

const id = "01a210e7-b57c-7139-9f06-93d9e9481eae";
const branch = "afu9/issue-7-e9481eae";
const zeros = "0".repeat(64);

/** An execution that went well, and all that it left. */
const good: World = {
  accepted: [
    { id: "guid-1", event: "issues" },
    { id: "guid-2", event: "push" },
  ],
  deliveries: [
    { id: "guid-1", status: "processed", error: null },
    { id: "guid-2", status: "processed", error: null },
  ],
  issues: [7],
  executions: [
    {
      id,
      issue: 7,
      delivery: "guid-1",
      status: "succeeded",
      error: null,
      isFinished: true,
      isReported: true,
    },
  ],
  steps: [
    { execution: id, step: "plan", status: "succeeded" },
    { execution: id, step: "commit", status: "succeeded" },
  ],
  turns: [
    { execution: id, conversation: "c1", turn: 1, savedAt: 1_000 },
    { execution: id, conversation: "c1", turn: 2, savedAt: 2_000 },
  ],
  asked: [
    { conversation: "c1", turn: 1, at: 900 },
    { conversation: "c1", turn: 2, at: 1_500 },
  ],
  toolCalls: [
    { execution: id, sequence: 1, prevHash: zeros, hash: "h1" },
    { execution: id, sequence: 2, prevHash: "h1", hash: "h2" },
  ],
  wrongs: [],
  github: {
    defaultBranch: "main",
    branches: [
      { name: "main", commits: 0 },
      { name: branch, commits: 1 },
    ],
    pulls: [{ number: 8, head: branch, body: "" }],
    comments: [{ issue: 7, body: `<!-- afu9:execution:${id} --> done` }],
    checkRuns: [{ externalId: id, status: "completed", conclusion: "success" }],
  },
  workspaces: [],
};
const github = (change: Partial<World["github"]>): Partial<World> => ({
  github: { ...good.github, ...change },
});
const executions = (change: Partial<World["executions"][number]>): Partial<World> => ({
  executions: good.executions.map((one) => ({ ...one, ...change })),
});
const other = {
  ...good.executions[0],
  id: "01a210e7-b57c-7139-9f06-93d9e9480000",
} as World["executions"][number];

test("a world where all went well has no violation", () => {
  expect(check(good)).toEqual([]);
  expect(realWork(good)).toBe(1);
});

test("a turn that was under way when its worker died may be asked for again", () => {
  const asked = [...good.asked, { conversation: "c1", turn: 2, at: 1_999 }];
  expect(check({ ...good, asked })).toEqual([]);
});

test("an execution that failed needs no pull request, and is no real work", () => {
  const failed = {
    ...good,
    ...executions({ status: "failed", error: "Verification failed" }),
    ...github({ branches: [{ name: "main", commits: 0 }], pulls: [], checkRuns: [] }),
  };
  expect(check(failed)).toEqual([]);
  expect(realWork(failed)).toBe(0);
});

const violations: [string, Partial<World>, RegExp][] = [
  [
    "an accepted delivery without a row",
    { deliveries: good.deliveries.slice(0, 1) },
    /guid-2 .*there is no row/,
  ],
  [
    "an accepted delivery that is not processed",
    { deliveries: good.deliveries.map((row) => ({ ...row, status: "received" })) },
    /guid-1 \(issues\) was accepted and is received/,
  ],
  [
    "a row that nothing was accepted for",
    { accepted: good.accepted.slice(0, 1) },
    /guid-2, which was never accepted/,
  ],
  ["an issue without an execution", { issues: [7, 9] }, /one execution for issue #9, got 0/],
  ["two executions of one issue", { executions: [...good.executions, other] }, /for issue #7, got 2/],
  [
    "two executions of one delivery",
    { executions: [...good.executions, { ...other, issue: 9 }], issues: [7, 9] },
    /guid-1 started more than one/,
  ],
  ["an execution that nobody asked for", { issues: [] }, /where nobody asked for one/],
  [
    "an execution of an unknown delivery",
    executions({ delivery: "guid-3" }),
    /guid-3, which was never accepted/,
  ],
  [
    "an execution that still runs",
    executions({ status: "running", isFinished: false }),
    /has not ended: it is running/,
  ],
  ["an end that was not reported", executions({ isReported: false }), /was not reported/],
  [
    "a second branch",
    github({ branches: [...good.github.branches, { name: `x${branch}`, commits: 1 }] }),
    /one branch .* got 2/,
  ],
  [
    "a branch without its commit",
    github({
      branches: [
        { name: "main", commits: 0 },
        { name: branch, commits: 0 },
      ],
    }),
    /one commit on the branch .* got 0/,
  ],
  [
    "a second commit",
    github({
      branches: [
        { name: "main", commits: 0 },
        { name: branch, commits: 2 },
      ],
    }),
    /one commit on the branch .* got 2/,
  ],
  ["no pull request", github({ pulls: [] }), /one pull request .* got 0/],
  [
    "a second pull request",
    github({ pulls: [...good.github.pulls, ...good.github.pulls] }),
    /one pull request .* got 2/,
  ],
  [
    "a second comment",
    github({ comments: [...good.github.comments, ...good.github.comments] }),
    /one comment .* got 2/,
  ],
  ["a comment on another issue", github({ comments: [{ issue: 9, body: id }] }), /is on issue #9, not on #7/],
  ["no check run", github({ checkRuns: [] }), /one check run .* got 0/],
  [
    "a second check run",
    github({ checkRuns: [...good.github.checkRuns, ...good.github.checkRuns] }),
    /one check run .* got 2/,
  ],
  [
    "a check run in progress",
    github({ checkRuns: [{ externalId: id, status: "in_progress", conclusion: null }] }),
    /is in_progress, and nobody/,
  ],
  [
    "a check run that says something else",
    github({ checkRuns: [{ externalId: id, status: "completed", conclusion: "failure" }] }),
    /says failure, and the execution succeeded/,
  ],
  [
    "a stray branch",
    github({ branches: [...good.github.branches, { name: "stray", commits: 1 }] }),
    /branch stray belongs to no/,
  ],
  [
    "a stray pull request",
    github({ pulls: [...good.github.pulls, { number: 9, head: "stray", body: "" }] }),
    /#9 from stray belongs to no/,
  ],
  [
    "a stray comment",
    github({ comments: [...good.github.comments, { issue: 7, body: "Hello" }] }),
    /A comment on #7 belongs to no/,
  ],
  [
    "a stray check run",
    github({
      checkRuns: [...good.github.checkRuns, { externalId: "x", status: "completed", conclusion: "success" }],
    }),
    /external id x belongs to no/,
  ],
  [
    "a step that succeeded twice",
    { steps: [...good.steps, ...good.steps] },
    /plan of the execution .* succeeded more than once/,
  ],
  [
    "a step that still runs",
    { steps: [...good.steps, { execution: id, step: "close", status: "running" }] },
    /close of the execution .* is still running/,
  ],
  [
    "a success without a step that others have",
    { steps: [...good.steps, { execution: other.id, step: "push", status: "succeeded" }] },
    /succeeded without the step push/,
  ],
  [
    "a saved turn that was asked for again",
    { asked: [...good.asked, { conversation: "c1", turn: 1, at: 1_001 }] },
    /Turn 1 .* asked for 1 ms after it was saved/,
  ],
  [
    "a turn that was saved twice",
    { turns: [...good.turns, ...good.turns.slice(1)] },
    /Turn 2 of the conversation c1 .* saved more than once/,
  ],
  ["a turn that the model never gave", { asked: good.asked.slice(1) }, /Turn 1 .* the model never gave it/],
  [
    "a tool call that was changed",
    { toolCalls: good.toolCalls.map((call) => ({ ...call, hash: "h9" })) },
    /breaks at number 2/,
  ],
  ["a tool call that was removed", { toolCalls: good.toolCalls.slice(1) }, /breaks at number 2/],
  [
    "a write by a stale worker",
    { wrongs: [{ execution: id, what: "worker-1 wrote agent_runs, while worker-2 held the lease" }] },
    /worker-1 wrote agent_runs/,
  ],
  ["a checkout that was left", { workspaces: [id] }, /was left on disk/],
];

test.each(violations)("%s is a violation", (_what, change, sentence) => {
  expect(check({ ...good, ...change })).toContainEqual(expect.stringMatching(sentence));
});

test("too little real work fails a run that violates nothing", () => {
  expect(faultsOf({ violations: [], realWork: 0.949 })).toEqual([
    "Only 94.9 % of the executions did real work; expected 95 % at least.",
  ]);
  expect(faultsOf({ violations: [], realWork: 0.95 })).toEqual([]);
});
