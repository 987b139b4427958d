import { beforeEach, expect, test } from "@jest/globals";
import { Busy, FailedWithOutput, PermanentFault, ToolFailure } from "../../shared/errors.ts";
import { createLogger } from "../../shared/logger.ts";
import { RepositoryConfig } from "../../shared/repository-config.ts";
import { parseWorkflow } from "../../shared/workflow.ts";
import type { Ending, SavedStep, StepOutcome } from "./journal.ts";
import { runWorkflow } from "./run-workflow.ts";

/** What each step does when it is run: its output, an error that it throws, how long it waits, or what happens while it hangs. */
let does: Record<string, unknown>;
let saved: SavedStep[];
let ran: { id: string; inputs: Record<string, unknown> }[];
let begun: string[];
let finished: Record<string, StepOutcome>;
let retried: Record<string, string>;
beforeEach(() => {
  does = {};
  saved = [];
  ran = [];
  begun = [];
  finished = {};
  retried = {};
});

type Options = { signal?: AbortSignal; cancelled?: AbortSignal };

async function run(steps: string, options: Options = {}): Promise<Ending> {
  return runWorkflow({
    execution: {
      id: "0198f000-0000-7000-8000-0000deadbeef",
      trigger: {
        kind: "label",
        delivery: "d",
        installation: 1,
        sender: { id: 1, login: "maintainer" },
        repository: { id: 1, owner: "acme", name: "sample", defaultBranch: "main" },
        issue: { number: 7, title: "A bug" },
        instructions: "",
      },
    },
    config: RepositoryConfig.parse({}),
    definition: parseWorkflow(`name: sample\non: {}\nsteps:\n${steps}`, "sample.yml").definition,
    journal: {
      savedSteps: async () => saved,
      begin: async ({ id }) => void begun.push(id),
      finish: async ({ id }, outcome) => {
        if ("output" in outcome && outcome.output === "huge")
          throw new PermanentFault("The output has 66 MB.");
        finished[id] = outcome;
        return "output" in outcome ? outcome.output : undefined;
      },
      retryLater: async ({ id, attempt }, error) => {
        retried[id] = `attempt ${attempt}: ${error}`;
      },
      leave: async () => {},
    },
    async runStep({ step, inputs, intent, signal }) {
      ran.push({ id: step.id, inputs });
      const what = does[step.id];
      if ("wait" in step) {
        await intent();
        return { waitMs: Number(what) };
      }
      if (what instanceof Function) what();
      if (what === "hangs" || what instanceof Function)
        await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      if (what instanceof Error) throw what;
      return { output: what };
    },
    signal: options.signal ?? new AbortController().signal,
    cancelled: options.cancelled ?? new AbortController().signal,
    log: createLogger("test", "silent"),
  });
}

function savedStep(stepId: string, status: SavedStep["status"], more: Partial<SavedStep> = {}): SavedStep {
  return { stepId, attempt: 1, status, output: null, error: null, waitMs: 0, firstAttempt: 1, ...more };
}

const ids = () => ran.map(({ id }) => id);
const statuses = () => Object.fromEntries(Object.entries(finished).map(([id, { status }]) => [id, status]));

test("a step sees the outputs of those before it", async () => {
  does = { one: { sha: "abc" } };
  expect(
    await run(
      "  - { id: one, tool: a.b }\n  - { id: two, tool: a.b, with: { at: '${{ steps.one.outputs.sha }}' } }",
    ),
  ).toEqual({ status: "succeeded" });
  expect(ran).toEqual([
    { id: "one", inputs: {} },
    { id: "two", inputs: { at: "abc" } },
  ]);
});

test("a step that is saved is not run again, and its outputs are there", async () => {
  saved = [savedStep("one", "succeeded", { output: { sha: "abc" } })];
  await run(
    "  - { id: one, tool: a.b }\n  - { id: two, tool: a.b, with: { at: '${{ steps.one.outputs.sha }}' } }",
  );
  expect(ran).toEqual([{ id: "two", inputs: { at: "abc" } }]);
});

test("a step that was begun and not ended is run", async () => {
  saved = [savedStep("one", "running")];
  await run("  - { id: one, tool: a.b }");
  expect(ids()).toEqual(["one"]);
});

test("after a failure the rest is skipped, but for steps that ask for it; the failure is named by its step", async () => {
  does = { one: new PermanentFault("no such branch") };
  const failure = await run(
    "  - { id: one, name: First, tool: a.b }\n  - { id: two, tool: a.b }\n  - { id: three, tool: a.b, if: always() }\n  - { id: four, tool: a.b, if: failure() }",
  );
  expect(failure).toEqual({ status: "failed", error: "First: no such branch" });
  expect(ids()).toEqual(["one", "three", "four"]);
  expect(statuses()).toEqual({ one: "failed", two: "skipped", three: "succeeded", four: "succeeded" });
});

test("a step that fails may leave outputs, also for a worker that takes over after it", async () => {
  does.one = new FailedWithOutput("not verified", { title: "Mend it" });
  const steps = `  - { id: one, tool: a.b }
  - { id: two, tool: a.b, if: "!cancelled() && steps.one.outputs.title", with: { title: "\${{ steps.one.outputs.title }}" } }
  - { id: three, tool: a.b }`;
  expect(await run(steps)).toEqual({ status: "failed", error: "one: not verified" });
  expect(ran.at(-1)).toEqual({ id: "two", inputs: { title: "Mend it" } });
  expect(finished.three?.status).toBe("skipped");

  saved = [savedStep("one", "failed", { error: "not verified", output: { title: "Mend it" } })];
  ran = [];
  await run(steps);
  expect(ran).toEqual([{ id: "two", inputs: { title: "Mend it" } }]);
});

test("of what did not start it an expression sees nothing, and it is told which try it is", async () => {
  await run(
    "  - { id: one, tool: a.b, if: '!pullRequest.isFork && !run.id', with: { number: '${{ pullRequest.head.sha }}', round: '${{ execution.round }}' } }",
  );
  expect(ran).toEqual([{ id: "one", inputs: { number: null, round: 1 } }]);
});

test("with continue-on-error the execution goes on, and expressions can tell", async () => {
  does = { one: new PermanentFault("no tests") };
  const failure = await run(
    "  - { id: one, tool: a.b, continue-on-error: true }\n  - { id: two, tool: a.b, with: { was: '${{ steps.one.outcome }}', counts: '${{ steps.one.conclusion }}' } }",
  );
  expect(failure).toEqual({ status: "succeeded" });
  expect(ran.at(-1)).toEqual({ id: "two", inputs: { was: "failure", counts: "success" } });
});

test("a step that takes too long is stopped and fails", async () => {
  does = { one: "hangs" };
  expect(await run("  - { id: one, tool: a.b, timeout-minutes: 0.0005 }")).toEqual({
    status: "failed",
    error: "one: It was stopped after 0.0005 minutes (`timeout-minutes`).",
  });
});

test("a passing fault frees the worker until the next attempt; the last attempt's is the step's failure", async () => {
  does = { one: new Error("bad gateway") };
  const ending = await run("  - { id: one, tool: a.b }\n  - { id: two, tool: a.b }");
  expect(ending).toEqual({ status: "waiting", waitMs: expect.any(Number) });
  expect(retried).toEqual({ one: "attempt 1: bad gateway" });
  expect(finished).toEqual({});

  saved = [savedStep("one", "pending", { attempt: 8 })];
  expect(await run("  - { id: one, tool: a.b }")).toEqual({ status: "failed", error: "one: bad gateway" });
});

test("a person's retry gives a step all its attempts anew", async () => {
  does = { one: new Error("bad gateway") };
  saved = [savedStep("one", "pending", { attempt: 8, firstAttempt: 8 })];
  expect(await run("  - { id: one, tool: a.b }")).toMatchObject({ status: "waiting" });
  expect(retried).toEqual({ one: "attempt 8: bad gateway" });
});

test("the wait between attempts doubles, up to an hour", async () => {
  does = { one: new Error("bad gateway") };
  const waits: number[] = [];
  for (const attempt of [1, 2, 5]) {
    saved = [savedStep("one", "pending", { attempt })];
    const steps = "  - { id: one, tool: a.b, retry: { attempts: 6, backoff-seconds: 1000 } }";
    const ending = await run(steps);
    waits.push("waitMs" in ending ? ending.waitMs / 1_000 : 0);
  }
  const [first = 0, second = 0, last = 0] = waits;
  // A quarter more or less.
  expect(
    [first, second, last].map((wait, at) => Math.abs(wait / ([1000, 2000, 3600][at] ?? 0) - 1) <= 0.25),
  ).toEqual([true, true, true]);
});

test("what is known to fail for a while is not tried before", async () => {
  does = { one: new Busy("GitHub wants nothing for an hour", 3_600) };
  const ending = await run("  - { id: one, tool: a.b }");
  expect(ending).toEqual({ status: "waiting", waitMs: 3_600_000 });
});

test("an attempt that is to wait yet is not made", async () => {
  saved = [savedStep("one", "pending", { attempt: 2, waitMs: 1_500 })];
  expect(await run("  - { id: one, tool: a.b }")).toEqual({ status: "waiting", waitMs: 1_500 });
  expect(ran).toEqual([]);
});

test.each([
  ["a tool that refuses", new ToolFailure("no such branch"), "{ on: [tool-failure] }", true],
  ["a tool that refuses, by default", new ToolFailure("no such branch"), "{}", false],
  ["what nothing can cure", new PermanentFault("no key"), "{ on: [passing, tool-failure, timeout] }", false],
  ["a passing fault, where only one attempt is wanted", new Error("away"), "{ attempts: 1 }", false],
])("%s is tried again only where the definition says so", async (_name, fault, retry, isRetried) => {
  does = { one: fault };
  const { status } = await run(`  - { id: one, tool: a.b, retry: ${retry} }`);
  expect(status).toBe(isRetried ? "waiting" : "failed");
});

test("a step that waits ends the run until then, and what comes before it is not run again", async () => {
  does = { one: 60_000 };
  const steps = "  - { id: one, wait: { minutes: 1 } }\n  - { id: two, tool: a.b }";
  expect(await run(steps)).toEqual({ status: "waiting", waitMs: 60_000 });
  expect(begun).toEqual(["one"]);
  expect(finished).toEqual({});
});

test("when a person cancels, the step that runs is stopped, and only what asks for it runs after that", async () => {
  const cancel = new AbortController();
  does = { one: () => setImmediate(() => cancel.abort(new Error("Cancelled by pat."))) };
  const ending = await run(
    `  - { id: one, tool: a.b, retry: { on: [passing, timeout] } }
  - { id: two, tool: a.b }
  - { id: three, tool: a.b, if: always() }
  - { id: four, tool: a.b, if: cancelled() }
  - { id: five, tool: a.b, if: failure() }
  - { id: six, wait: { minutes: 1 }, if: always() }`,
    { cancelled: cancel.signal },
  );
  expect(ending).toEqual({ status: "cancelled", error: "Cancelled by pat." });
  expect(ids()).toEqual(["one", "three", "four", "six"]);
  expect(statuses()).toEqual({
    one: "cancelled",
    two: "skipped",
    three: "succeeded",
    four: "succeeded",
    five: "skipped",
    six: "skipped",
  });
});

test("a step that waited when the execution was cancelled counts as cancelled", async () => {
  saved = [savedStep("one", "waiting")];
  const { status } = await run("  - { id: one, wait: { minutes: 1 } }", {
    cancelled: AbortSignal.abort(new Error("x")),
  });
  expect(status).toBe("cancelled");
  expect(statuses()).toEqual({ one: "cancelled" });
});

test("cancelled between two steps, the next one counts as cancelled: a retry goes on there", async () => {
  saved = [savedStep("one", "succeeded")];
  const { status } = await run(
    "  - { id: one, tool: a.b }\n  - { id: two, tool: a.b }\n  - { id: three, tool: a.b }",
    {
      cancelled: AbortSignal.abort(new Error("x")),
    },
  );
  expect(status).toBe("cancelled");
  expect(statuses()).toEqual({ two: "cancelled", three: "skipped" });
});

test("an output that can't be kept fails its step", async () => {
  does = { one: "huge" };
  expect(await run("  - { id: one, tool: a.b }\n  - { id: two, tool: a.b, if: failure() }")).toEqual({
    status: "failed",
    error: "one: The output has 66 MB.",
  });
  expect(statuses()).toEqual({ one: "failed", two: "succeeded" });
});

test("an expression that can't be evaluated fails its step, with the expression", async () => {
  expect(await run("  - { id: one, tool: a.b, with: { x: '${{ nothing.at.all }}' } }")).toEqual({
    status: "failed",
    error: expect.stringContaining("`nothing.at.all` can't be evaluated"),
  });
});

test("when the execution must be left, the step is neither failed nor saved", async () => {
  does = { one: "hangs" };
  const left = new AbortController();
  const running = run("  - { id: one, tool: a.b }", { signal: left.signal });
  left.abort(new Error("the worker is stopping"));
  await expect(running).rejects.toThrow("the worker is stopping");
  expect(finished).toEqual({});
});
