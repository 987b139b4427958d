import { expect, test } from "@jest/globals";
import type { Message } from "../../worker/llm/model.ts";
import type { Rows } from "./read-rows.ts";
import { activityOf, isWaitingForModel, roadOf } from "./road.ts";

const usage = { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 };
const native = { provider: "anthropic", content: [] };
const task: Message = { role: "user", kind: "task", text: "Do it." };
const call = { id: "c1", name: "runCommand", input: { command: "npm test", timeoutSeconds: 5 } };
const turn: Message = {
  role: "assistant",
  text: "I run\nthe tests.",
  calls: [call],
  usage,
  costUsd: 0,
  native,
};
const result: Message = {
  role: "tool",
  callId: "c1",
  name: "runCommand",
  text: '{"exitCode":1,"output":""}',
  isError: false,
  durationMs: 12,
};
const answer: Message = { ...turn, text: '{"title":"x"}', calls: [] };

function rowsWith({ said = [] as Message[], ...more }: Partial<Rows> & { said?: Message[] }): Rows {
  return {
    deliveries: [{ id: "d1", name: "issues.labeled", status: "processed", error: null }],
    execution: {
      id: "e1",
      workflow: "issue-to-pr",
      deliveryId: "d1",
      status: "running",
      error: null,
      isReported: false,
    },
    steps: [
      {
        id: "issue",
        name: "Read the issue",
        isAgent: false,
        status: "succeeded",
        error: null,
        durationMs: 4,
        output: {},
      },
      {
        id: "implement",
        name: "Write",
        isAgent: true,
        status: "running",
        error: null,
        durationMs: null,
        output: undefined,
      },
      {
        id: "close",
        name: "Close",
        isAgent: false,
        status: "pending",
        error: null,
        durationMs: null,
        output: undefined,
      },
    ],
    messages: said.map((message, sequence) => ({
      stepId: "implement",
      sequence,
      at: sequence * 10,
      message,
    })),
    toolCalls: [],
    spent: { turns: 0, input: 0, output: 0, cacheRead: 0, cacheWrite: 0, costUsd: 0 },
    ...more,
  };
}

function textsOf(rows: Rows): string[] {
  return roadOf(rows).map(({ mark, text, detail }) => [mark, text, detail].filter(Boolean).join(" | "));
}

test("the road goes from the delivery over the intake to the steps", () => {
  expect(textsOf(rowsWith({ said: [task, turn, result] }))).toEqual([
    "done | Delivery | issues.labeled, d1",
    "done | Intake | the label starts issue-to-pr, execution e1",
    "done | Read the issue",
    "begun | Write",
    "said | turn 1 | I run the tests.",
    "done | runCommand | npm test · exit code 1",
  ]);
});

test("a verification stands where it happened, and its failure goes back to the agent", () => {
  const back: Message = { role: "user", kind: "verification", text: "It failed." };
  const check = { passed: false, commands: [{ command: "npm test", exitCode: 1, status: "failed" }] };
  const verify = {
    sequence: 9,
    stepId: "implement",
    tool: "verify",
    at: 15,
    durationMs: 8,
    error: null,
    result: check,
  };
  const texts = textsOf(rowsWith({ said: [task, answer, back], toolCalls: [verify] }));
  expect(texts.slice(-3)).toEqual([
    "said | turn 1 | gives its answer",
    "failed | verify | `npm test` failed with exit code 1",
    "said | The output goes back to the agent.",
  ]);
});

test("every line has a key of its own, which stays the same as the road goes on", () => {
  const early = roadOf(rowsWith({ said: [task, turn] })).map(({ key }) => key);
  const late = roadOf(rowsWith({ said: [task, turn, result, answer] })).map(({ key }) => key);
  expect(late.slice(0, early.length)).toEqual(early);
  expect(new Set(late).size).toBe(late.length);
});

test("a tool that failed is marked, with what it said", () => {
  const texts = textsOf(
    rowsWith({ said: [task, turn, { ...result, isError: true, text: "No such\nfile." }] }),
  );
  expect(texts.at(-1)).toBe("failed | runCommand | npm test · No such file.");
});

test("a delivery that could not be handled is shown with its error", () => {
  const delivery = { id: "d1", name: "issues.labeled", status: "failed", error: "no role" };
  expect(textsOf(rowsWith({ deliveries: [delivery], execution: undefined, steps: [] }))).toEqual([
    "done | Delivery | issues.labeled, d1",
    "failed | Intake | no role",
  ]);
});

test("the line that moves says what is going on", () => {
  expect(activityOf(rowsWith({ execution: undefined }))).toBe("waiting for the delivery");
  expect(activityOf(rowsWith({ said: [task] }))).toBe("Write · turn 1, waiting for the model");
  expect(activityOf(rowsWith({ said: [task, turn] }))).toBe("Write · runCommand npm test");
  expect(activityOf(rowsWith({ said: [task, turn, result] }))).toBe("Write · turn 2, waiting for the model");
  expect(activityOf(rowsWith({ said: [task, turn, result, answer] }))).toBe("Write · verifying");
});

test("the model is waited for only while it is its turn", () => {
  expect(isWaitingForModel(rowsWith({ said: [task] }))).toBe(true);
  expect(isWaitingForModel(rowsWith({ said: [task, turn] }))).toBe(false);
  expect(isWaitingForModel(rowsWith({ said: [task, turn, result] }))).toBe(true);
  expect(isWaitingForModel(rowsWith({ said: [task, answer] }))).toBe(false);
});

test("nothing that a model says can steer the terminal", () => {
  const said: Message[] = [task, { ...turn, text: "\u001b[2J\u001b]0;title\u0007Hi\u202e there\r!" }];
  expect(textsOf(rowsWith({ said })).at(-1)).toBe("said | turn 1 | Hi there!");
});
