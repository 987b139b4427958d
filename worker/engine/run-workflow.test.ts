import { beforeEach, expect, test } from "@jest/globals";
import { PermanentFault } from "../../shared/errors.ts";
import { createLogger } from "../../shared/logger.ts";
import { parseWorkflow } from "../../shared/workflow.ts";
import type { SavedStep, StepOutcome } from "./journal.ts";
import { runWorkflow } from "./run-workflow.ts";

/** What each step does when it is run: an output, or an error that it throws. */
let does: Record<string, unknown>;
let saved: SavedStep[];
let ran: { id: string; inputs: Record<string, unknown> }[];
let finished: Record<string, StepOutcome>;
beforeEach(() => {
  does = {};
  saved = [];
  ran = [];
  finished = {};
});

async function run(steps: string, options: { mayRetry?: boolean; signal?: AbortSignal } = {}) {
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
    definition: parseWorkflow(`name: sample\non: {}\nsteps:\n${steps}`, "sample.yml").definition,
    journal: {
      savedSteps: async () => saved,
      begin: async () => {},
      finish: async ({ id }, outcome) => void Object.assign(finished, { [id]: outcome }),
      finishExecution: async () => {},
    },
    async runStep(step, inputs, signal) {
      ran.push({ id: step.id, inputs });
      const what = does[step.id];
      if (what === "hangs")
        await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      if (what instanceof Error) throw what;
      return what;
    },
    signal: options.signal ?? new AbortController().signal,
    mayRetry: options.mayRetry ?? false,
    log: createLogger("test", "silent"),
  });
}

const ids = () => ran.map(({ id }) => id);
const statuses = () => Object.fromEntries(Object.entries(finished).map(([id, { status }]) => [id, status]));

test("a step sees the outputs of those before it", async () => {
  does = { one: { sha: "abc" } };
  expect(
    await run(
      "  - { id: one, tool: a.b }\n  - { id: two, tool: a.b, with: { at: '${{ steps.one.outputs.sha }}' } }",
    ),
  ).toBeUndefined();
  expect(ran).toEqual([
    { id: "one", inputs: {} },
    { id: "two", inputs: { at: "abc" } },
  ]);
});

test("a step that is saved is not run again, and its outputs are there", async () => {
  saved = [{ stepId: "one", status: "succeeded", output: { sha: "abc" }, error: null }];
  await run(
    "  - { id: one, tool: a.b }\n  - { id: two, tool: a.b, with: { at: '${{ steps.one.outputs.sha }}' } }",
  );
  expect(ran).toEqual([{ id: "two", inputs: { at: "abc" } }]);
});

test("a step that was begun and not ended is run", async () => {
  saved = [{ stepId: "one", status: "running", output: null, error: null }];
  await run("  - { id: one, tool: a.b }");
  expect(ids()).toEqual(["one"]);
});

test("after a failure the rest is skipped, but for steps that ask for it; the failure is named by its step", async () => {
  does = { one: new PermanentFault("no such branch") };
  const failure = await run(
    "  - { id: one, name: First, tool: a.b }\n  - { id: two, tool: a.b }\n  - { id: three, tool: a.b, if: always() }\n  - { id: four, tool: a.b, if: failure() }",
  );
  expect(failure).toBe("First: no such branch");
  expect(ids()).toEqual(["one", "three", "four"]);
  expect(statuses()).toEqual({ one: "failed", two: "skipped", three: "succeeded", four: "succeeded" });
});

test("with continue-on-error the execution goes on, and expressions can tell", async () => {
  does = { one: new PermanentFault("no tests") };
  const failure = await run(
    "  - { id: one, tool: a.b, continue-on-error: true }\n  - { id: two, tool: a.b, with: { was: '${{ steps.one.outcome }}', counts: '${{ steps.one.conclusion }}' } }",
  );
  expect(failure).toBeUndefined();
  expect(ran.at(-1)).toEqual({ id: "two", inputs: { was: "failure", counts: "success" } });
});

test("a step that takes too long is stopped and fails", async () => {
  does = { one: "hangs" };
  expect(await run("  - { id: one, tool: a.b, timeout-minutes: 0.0005 }")).toBe(
    "one: It was stopped after 0.0005 minutes (`timeout-minutes`).",
  );
});

test("a passing fault leaves the step for another attempt; on the last one it is the step's failure", async () => {
  does = { one: new Error("bad gateway") };
  await expect(run("  - { id: one, tool: a.b }", { mayRetry: true })).rejects.toThrow("bad gateway");
  expect(finished).toEqual({});
  expect(await run("  - { id: one, tool: a.b }")).toBe("one: bad gateway");
});

test("an expression that can't be evaluated fails its step, with the expression", async () => {
  expect(await run("  - { id: one, tool: a.b, with: { x: '${{ nothing.at.all }}' } }")).toContain(
    "`nothing.at.all` can't be evaluated",
  );
});

test("when the execution must be left, the step is neither failed nor saved", async () => {
  does = { one: "hangs" };
  const left = new AbortController();
  const running = run("  - { id: one, tool: a.b }", { signal: left.signal });
  left.abort(new Error("the worker is stopping"));
  await expect(running).rejects.toThrow("the worker is stopping");
  expect(finished).toEqual({});
});
