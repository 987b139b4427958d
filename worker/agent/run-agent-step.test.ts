import { beforeEach, expect, test } from "@jest/globals";
import { PermanentFault } from "../../shared/errors.ts";
import { createLogger } from "../../shared/logger.ts";
import { createRedact } from "../../shared/redact.ts";
import { RepositoryConfig } from "../../shared/repository-config.ts";
import type { AgentStep } from "../../shared/step.ts";
import type { AssistantMessage, Message } from "../llm/model.ts";
import { parseAgent } from "./agent-definition.ts";
import { runAgentStep } from "./run-agent-step.ts";

const agent = parseAgent(
  `---
tools: [workspace.readFile]
limits: { turns: 4, minutes: 10 }
output: { type: object, required: [title], properties: { title: { type: string } } }
---
Mend it.`,
  "mend",
);
const verified: AgentStep = {
  id: "implement",
  agent: "mend",
  until: "workspace.verify",
  rounds: 2,
  with: {},
  "timeout-minutes": 60,
  "repeat-on-retry": false,
  retry: { attempts: 1, "backoff-seconds": 1, on: ["passing"] },
  "continue-on-error": false,
};
const plain: AgentStep = { ...verified, id: "plan", until: undefined };

const says = (text: string, more: Partial<AssistantMessage> = {}): AssistantMessage => ({
  role: "assistant",
  text,
  calls: [],
  usage: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 },
  costUsd: 1,
  native: { provider: "anthropic", content: [] },
  ...more,
});
let made = 0;
const calls = (name: string, more: object = {}) =>
  says("", { calls: [{ id: "1", name, input: { made: made++ }, ...more }] });
const answer = says('{"title": "Mend it"}');
const task: Message = { role: "user", kind: "task", text: "Do your task now." };

/** What the step meets: what was saved before, what the model will say, what the verification will find. */
let world: {
  saved: Message[];
  replies: AssistantMessage[];
  passes: boolean[];
  toolFault: { isError: boolean; mayPass: boolean };
  elapsedMs: number;
  spentElsewhere: number;
};
let asked: number;
let called: string[];
let outcome: string | undefined;
beforeEach(() => {
  const toolFault = { isError: false, mayPass: false };
  world = { saved: [], replies: [answer], passes: [], toolFault, elapsedMs: 0, spentElsewhere: 0 };
  [asked, called, outcome] = [0, [], undefined];
});

function run(step: AgentStep): Promise<Record<string, unknown>> {
  const messages = [...world.saved];
  const spent = () => messages.reduce((sum, one) => sum + (one.role === "assistant" ? one.costUsd : 0), 0);
  return runAgentStep(
    step,
    {},
    {
      steering: { pending: async () => [], said: async () => {} },
      agents: new Map([["mend", agent]]),
      budgetUsd: 10,
      signal: new AbortController().signal,
      log: createLogger("worker", "silent"),
      config: RepositoryConfig.parse({}),
      redact: createRedact(),
      modelFor: async () => ({
        provider: "anthropic",
        name: "sample",
        contextTokens: 200_000,
        maxOutputTokens: 32_000,
        costOf: () => 0,
        reply: async () => world.replies[asked++] ?? says("nothing left"),
      }),
      transcripts: {
        spentUsd: async () => spent() + world.spentElsewhere,
        open: async () => ({
          messages,
          elapsedMs: () => world.elapsedMs,
          isSteered: () => true,
          say: async (message) => void messages.push(message),
          finish: async (how) => {
            outcome = how;
          },
        }),
      },
      openToolbox: async () => ({
        specs: async () => [],
        isReadOnly: async () => true,
        fullName: (name) => (name === "readFile" ? "workspace.readFile" : name),
        call: async ({ tool }) => {
          called.push(tool);
          const passed = world.passes.shift() ?? true;
          const commands = [
            { command: "npm test", status: passed ? "passed" : "failed", output: "1 failed" },
          ];
          return { text: "It said so.", data: { passed, commands }, durationMs: 1, ...world.toolFault };
        },
      }),
    },
  ).finally(() => {
    world.saved = messages;
  });
}

/** The results that the model was given. */
const results = () => world.saved.flatMap((one) => (one.role === "tool" ? [one.text] : []));

test("an answer that fits is the step's output, and the run is finished", async () => {
  expect(await run(plain)).toEqual({ title: "Mend it" });
  expect({ asked, called, outcome }).toEqual({ asked: 1, called: [], outcome: "finished" });
});

test("the verification's evidence is part of the output", async () => {
  expect(await run(verified)).toMatchObject({
    title: "Mend it",
    verification: { passed: true },
    evidence: "- `npm test`: passed",
  });
  expect(called).toEqual(["workspace.verify"]);
});

test("an answer can't call people or close issues, whatever the model was told", async () => {
  world.replies = [says('{"title": "Mend it for @acme/all, closes #7"}')];
  expect(await run(plain)).toEqual({ title: "Mend it for @\u200bacme/all, c\u200bloses #7" });
});

test("an answer that does not fit is asked for once more", async () => {
  world.replies = [says("I am done."), answer];
  expect(await run(plain)).toEqual({ title: "Mend it" });
  expect(asked).toBe(2);
});

test("a second answer that does not fit ends the run with what is wrong", async () => {
  world.replies = [says("I am done."), says('{"name": 3}'), answer];
  await expect(run(plain)).rejects.toThrow(/`mend` gave no usable answer: .*title/);
  expect({ asked, outcome }).toEqual({ asked: 2, outcome: "no-answer" });
});

test("each round has a repair of its own", async () => {
  world.replies = [says("I am done."), answer, says("Now I am."), answer];
  world.passes = [false, true];
  expect(await run(verified)).toMatchObject({ title: "Mend it" });
  expect(asked).toBe(4);
});

test("a failed verification goes back to the agent with its output", async () => {
  world.replies = [answer, says('{"title": "Really mend it"}')];
  world.passes = [false, true];
  expect(await run(verified)).toMatchObject({ title: "Really mend it" });
  expect(world.saved[2]).toMatchObject({ kind: "verification", text: expect.stringMatching(/1 failed/) });
});

test("after the last round the step fails with the evidence", async () => {
  world.replies = [answer, answer, answer, answer];
  world.passes = [false, false, false, true];
  const failure = run(verified);
  await expect(failure).rejects.toThrow(PermanentFault);
  await expect(failure).rejects.toThrow(/Verification failed 3 times[\s\S]*npm test[\s\S]*1 failed/);
  expect(asked).toBe(3);
  // What was written is not lost.
  await expect(failure).rejects.toMatchObject({
    output: {
      title: "Mend it",
      verification: { passed: false },
      unverified: "- It did not pass: its last command failed. What would have come after it was not run.",
      spent: "$3.0000",
    },
  });
});

test("an agent that is stopped after a failed verification ends with that evidence too", async () => {
  world.replies = [answer, says("I give up."), says("Really.")];
  world.passes = [false];
  await expect(run(verified)).rejects.toThrow(
    /no usable answer[\s\S]*The last verification failed:[\s\S]*1 failed/,
  );
});

test("a resumed run whose answer was not verified yet is verified, and no turn is asked for", async () => {
  world.saved = [task, answer];
  expect(await run(verified)).toMatchObject({ title: "Mend it", verification: { passed: true } });
  expect({ asked, called }).toEqual({ asked: 0, called: ["workspace.verify"] });
});

test("a resumed run counts the rounds before", async () => {
  const failed: Message = { role: "user", kind: "verification", text: "It failed." };
  world.saved = [task, answer, failed, answer, failed, answer];
  world.passes = [false];
  await expect(run(verified)).rejects.toThrow(/failed 3 times/);
  expect(asked).toBe(0);
});

test("a run is stopped after its turns, those before a resume included", async () => {
  world.saved = [task, calls("readFile")];
  world.replies = [calls("readFile"), calls("readFile"), calls("readFile"), answer];
  await expect(run(plain)).rejects.toThrow("The agent `mend` was stopped: it has used its 4 turns.");
  expect({ asked, made: called.length }).toEqual({ asked: 3, made: 4 });
});

test("a run is stopped after its minutes", async () => {
  world.elapsedMs = 10 * 60_000 + 1;
  await expect(run(plain)).rejects.toThrow(/stopped: it has used its 10 minutes/);
  expect(asked).toBe(0);
});

test.each([
  [8.5, 2],
  [10, 0],
])("with $%d of $10 spent by other steps, %i turns are asked for", async (spentElsewhere, turns) => {
  world.spentElsewhere = spentElsewhere;
  world.replies = [calls("readFile"), calls("readFile"), answer];
  await expect(run(plain)).rejects.toThrow(/the execution's budget is spent \(AFU9_BUDGET_USD\)/);
  expect(asked).toBe(turns);
});

test("an answer that used up the budget is still an answer", async () => {
  world.spentElsewhere = 9.5;
  expect(await run(plain)).toEqual({ title: "Mend it" });
});

test("a reply that was cut is no answer, though it fits", async () => {
  const cut = { ...answer, unusable: "the model's reply was cut" };
  world.replies = [cut, cut, answer];
  await expect(run(plain)).rejects.toThrow("The agent `mend` was stopped: the model's reply was cut.");
  expect({ asked, outcome }).toEqual({ asked: 2, outcome: "cut" });
});

test("a call that can't be made is answered, and no tool is called", async () => {
  world.replies = [calls("rm"), calls("readFile", { fault: "Its arguments are not JSON." }), answer];
  expect(await run(plain)).toEqual({ title: "Mend it" });
  expect({ called, results: results() }).toEqual({
    called: [],
    results: [expect.stringMatching(/There is no tool rm/), "Its arguments are not JSON."],
  });
});

test.each([
  [true, false],
  [false, true],
])("a verification that can't be done (it may pass: %s) fails for good: %s", async (mayPass, isPermanent) => {
  world.toolFault = { isError: true, mayPass };
  const error: unknown = await run(verified).catch((thrown: unknown) => thrown);
  expect(error instanceof PermanentFault).toBe(isPermanent);
  expect(String(error)).toMatch(/`workspace.verify` could not be done.*It said so/);
});

test("an agent that there is no file for is named", async () => {
  await expect(run({ ...plain, agent: "dance" })).rejects.toThrow(/There is no agent `dance`/);
});
