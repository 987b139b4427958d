import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Cancelled, messageOf, Parked } from "../../shared/errors.ts";
import { runStep, type Said, type StepOptions, says } from "../../test/agent-steps.ts";
import { type Executions, openExecutions } from "../../test/executions.ts";
import type { Message } from "../llm/model.ts";
import { serve } from "../llm/testing/serve.ts";
import { AgentStopped } from "./stops.ts";

let executions: Executions;
beforeAll(async () => {
  executions = await openExecutions();
});
afterAll(() => executions?.close());

const reads = (id: string, path = "a.js"): Said => ({ calls: [{ id, name: "readFile", input: { path } }] });
const answer: Said = { text: '{"title": "Mend it"}' };

async function run(replies: Said[], options: Partial<StepOptions> = {}, id?: string) {
  await using server = await serve(...replies.map(says));
  const execution = id ?? (await executions.add());
  const { output } = await runStep(executions, await executions.claim(execution), {
    url: server.url,
    ...options,
  });
  await executions.expire(execution);
  const row = await executions.db.prisma.agentRun.findFirstOrThrow({
    where: { executionId: execution },
    include: { messages: { orderBy: { sequence: "asc" } } },
  });
  return {
    ...{ id: execution, output, outcome: row.outcome, hasEnded: row.finishedAt !== null },
    messages: row.messages.map(({ message }) => message as Message),
    asked: server.requests.length,
  };
}

test.each<[string, Said[], RegExp]>([
  [
    "stuck",
    [reads("1"), reads("2"), reads("3")],
    /was stopped: it called `readFile` with {"path":"a.js"} 3 times in a row/,
  ],
  [
    "turns",
    Array.from({ length: 41 }, (_, at) => reads(`${at}`, `${at}.js`)),
    /was stopped: it has used its 40 turns/,
  ],
  ["empty", [{}, {}], /was stopped: twice in a row the model said nothing/],
  [
    "cut",
    [
      { text: "I", stop: "max_tokens" },
      { text: "I", stop: "max_tokens" },
    ],
    /was stopped: the model's reply was cut/,
  ],
  ["refused", [{ text: "No.", stop: "refusal" }], /was stopped: the model refused to answer/],
  ["no-answer", [{ text: "Done." }, { text: "Done." }], /gave no usable answer/],
])("a run that ends as %s says so in its row, and the step says why", async (outcome, replies, reason) => {
  const ended = await run(replies);
  expect(ended).toMatchObject({
    outcome,
    hasEnded: true,
    asked: replies.length - (outcome === "turns" ? 1 : 0),
  });
  expect(ended.output).toBeInstanceOf(AgentStopped);
  expect(messageOf(ended.output)).toMatch(reason);
});

test("a cancelled run ends at once with a transcript that another turn could follow", async () => {
  const cancelled = new AbortController();
  const ended = await run([{ calls: [...(reads("1").calls ?? []), ...(reads("2", "b.js").calls ?? [])] }], {
    signal: cancelled.signal,
    call: (name) => {
      if (name === "workspace.readFile") cancelled.abort(new Cancelled("mia cancelled it."));
      return "too late";
    },
  });
  expect(ended).toMatchObject({ outcome: "cancelled", hasEnded: true, asked: 1 });
  expect(messageOf(ended.output)).toBe("mia cancelled it.");
  expect(ended.messages.map(({ role }) => role)).toEqual(["user", "assistant"]);

  const resumed = await run([answer], {}, ended.id);
  expect(resumed).toMatchObject({ output: { title: "Mend it" }, outcome: "finished", asked: 1 });
  expect(resumed.messages.map(({ role }) => role)).toEqual([
    "user",
    "assistant",
    "tool",
    "tool",
    "assistant",
  ]);
});

test("a run at its step's timeout has used up its time, and one whose worker leaves it has not ended", async () => {
  for (const [reason, end] of [
    [new DOMException("Too late.", "TimeoutError"), { outcome: "time", hasEnded: true }],
    [new Error("The worker is stopping."), { outcome: null, hasEnded: false }],
  ] as const) {
    const left = new AbortController();
    const call = () => {
      left.abort(reason);
      return "too late";
    };
    expect(await run([reads("1")], { signal: left.signal, call })).toMatchObject(end);
  }
});

test("a run that waits for money has not ended for good", async () => {
  const parked = () => {
    throw new Parked("The budget is spent. Comment `/afu9 budget +5`.");
  };
  const ended = await run([reads("1")], { call: parked });
  expect(ended).toMatchObject({ outcome: "money", output: expect.any(Parked) });
  expect(await run([answer], {}, ended.id)).toMatchObject({
    outcome: "finished",
    output: { title: "Mend it" },
  });
});
