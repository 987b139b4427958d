import { beforeEach, expect, test } from "@jest/globals";
import type { Account, Amount } from "../../shared/budget.ts";
import { Parked, PermanentFault } from "../../shared/errors.ts";
import { costOf } from "../../shared/models/prices.ts";
import type { Reserved } from "../engine/budget.ts";
import { budgeted } from "./budget.ts";
import { createEstimate } from "./estimate.ts";
import type { AssistantMessage, Message, Model, ModelRequest, Usage } from "./model.ts";
import { ModelFault } from "./model-fault.ts";

const usage = { input: 10, output: 200, cacheRead: 900, cacheWrite: 90 };
const answer: AssistantMessage = {
  role: "assistant",
  text: "Done.",
  calls: [],
  usage,
  costUsd: 0.25,
  native: { provider: "anthropic", content: [{ type: "text", text: "Done." }] },
};
const task: Message = { role: "user", kind: "task", text: "Do it." };
const request = (messages: Message[] = [task], signal = new AbortController().signal): ModelRequest => ({
  system: "You mend things.",
  messages,
  tools: [{ name: "readFile", description: "Read a file.", inputSchema: { type: "object" } }],
  signal,
});
const named = {
  ...({ provider: "anthropic", name: "claude-opus-5-5" } as const),
  ...{ contextTokens: 200_000, maxOutputTokens: 32_000 },
  costOf: (of: Usage) => costOf(of, "claude-opus-5-5", "anthropic"),
};
const account = (spent: number, reserved = 0): Account => ({
  scope: "execution",
  spent: { usd: spent, tokens: 1_000 },
  reserved: { usd: reserved, tokens: 0 },
  limit: { usd: 5, tokens: 1_000_000 },
});

/** What happened, in its order. */
let happened: string[];
let settled: Amount[];
let answers: Reserved[];
let asked: ModelRequest[];
beforeEach(() => {
  [happened, settled, asked] = [[], [], []];
  answers = [{ reservation: "r1" }];
});

function modelThat(reply: () => Promise<AssistantMessage>): Model {
  const model: Model = {
    ...named,
    async reply(one) {
      happened.push("asked");
      asked.push(one);
      return reply();
    },
  };
  return budgeted(model, {
    async reserve() {
      happened.push("reserved");
      return answers.shift() ?? { reservation: "r2" };
    },
    async settle(reservation, spent) {
      happened.push(`settled ${reservation}`);
      settled.push(spent);
    },
    spend(reservation, spent) {
      happened.push(`spent ${reservation}`);
      settled.push(spent);
    },
  });
}
const amount = createEstimate(named).of(request());

test("a call is reserved before it is made, what it took is noted for its row, and its request is as it was", async () => {
  const given = request();
  expect(await modelThat(async () => answer).reply(given)).toBe(answer);
  expect(happened).toEqual(["reserved", "asked", "spent r1"]);
  expect(settled).toEqual([{ usd: 0.25, tokens: 1_200 }]);
  expect(asked).toEqual([given]);
  expect(asked[0]).toBe(given);
});

test("without room the model is not asked, and the reason says which budget, how much, and what to type", async () => {
  answers = [{ full: [account(4.9)] }];
  const reply = modelThat(async () => answer).reply(request());
  await expect(reply).rejects.toThrow(Parked);
  await expect(reply).rejects.toThrow(
    /^The budget of this execution is spent: \$4\.90 of \$5\.00, and the next turn may cost \$0\.\d+\. Comment `\/afu9 budget \+5`/,
  );
  expect(happened).toEqual(["reserved"]);
});

test("what other calls only hold for now is waited for, and nobody is asked to decide", async () => {
  answers = [{ full: [account(1, 4)] }, { reservation: "r1" }];
  expect(await modelThat(async () => answer).reply(request())).toBe(answer);
  expect(happened).toEqual(["reserved", "reserved", "asked", "spent r1"]);
});

test("a person who pauses ends the waiting", async () => {
  answers = [{ full: [account(1, 4)] }];
  const pausing = new AbortController();
  const reply = modelThat(async () => answer).reply(request([task], pausing.signal));
  pausing.abort(new Error("A person paused the execution."));
  await expect(reply).rejects.toThrow();
  expect(happened).toEqual(["reserved"]);
});

test("a call that is not taken costs what its provider says, one that was cut or stopped what it was estimated to cost", async () => {
  const refused = async () => {
    throw new PermanentFault("Anthropic answered 400.");
  };
  await expect(modelThat(refused).reply(request())).rejects.toThrow("Anthropic answered 400.");
  expect(settled.pop()).toEqual({ usd: 0, tokens: 0 });

  const withheld = async () => {
    throw new ModelFault("It did not let the reply through.", { kind: "refused", costUsd: 0.02 });
  };
  await expect(modelThat(withheld).reply(request())).rejects.toThrow("did not let");
  expect(settled.pop()).toEqual({ usd: 0.02, tokens: 0 });

  const cut = async () => {
    throw new ModelFault("The stream ended early.", { kind: "cut", costUsd: 0.01 });
  };
  await expect(modelThat(cut).reply(request())).rejects.toThrow("ended early");
  expect(settled.pop()).toEqual(amount);

  const pausing = new AbortController();
  const stopped = async () => {
    pausing.abort();
    throw new Error("Request was aborted.");
  };
  await expect(modelThat(stopped).reply(request([task], pausing.signal))).rejects.toThrow("aborted");
  expect(settled.pop()).toEqual(amount);
});

test("what can't be settled is not settled as something else", async () => {
  const lost = new Error("Another worker runs the execution now.");
  let settles = 0;
  const budget = {
    reserve: async () => ({ reservation: "r1" }),
    settle: async () => {
      settles += 1;
      throw lost;
    },
    spend() {},
  };
  const broken = {
    ...named,
    reply: () => Promise.reject(new ModelFault("It ended early.", { kind: "cut" })),
  };
  await expect(budgeted(broken, budget).reply(request())).rejects.toBe(lost);
  expect(settles).toBe(1);
});

test("a turn that follows another is estimated by it: its prefix as cached, its reply by those of late", () => {
  const estimate = createEstimate(named);
  const long = "x".repeat(300_000);
  const first = estimate.of(request([{ ...task, text: long }]));
  // 100,000 tokens to be written to the cache at 5 USD a million, and 8,000 of a reply at 20 USD.
  expect(first.usd).toBeCloseTo(0.66, 2);
  expect(first.tokens).toBeGreaterThan(108_000);

  const turn = { ...answer, usage: { input: 0, output: 500, cacheRead: 0, cacheWrite: 80_000 } };
  const next = request([{ ...task, text: long }, turn, { ...task, text: "y".repeat(3_000) }]);
  const cold = estimate.of(next);
  estimate.replied();
  const warm = estimate.of(next);
  // The provider counted 80,500 tokens; 1,000 came to them. A reply is no shorter than 2,000.
  expect(warm.tokens).toBeCloseTo(80_500 + 1_000 + 2_000, -1);
  expect(cold.usd).toBeCloseTo(0.45, 2);
  expect(warm.usd).toBeCloseTo(0.0635, 2);
});

test("a conversation that was shortened is estimated by what is left of it", () => {
  const turn = { ...answer, usage: { input: 0, output: 100, cacheRead: 900_000, cacheWrite: 0 } };
  expect(createEstimate(named).of(request([task, turn])).tokens).toBeLessThan(3_000);
});
