// What can go wrong with a model, through the whole system, with each provider's SDK: what passes is survived, and what
// does not ends where a person can do something about it, and is told what.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Entry, Reply } from "../../local/model/script.ts";
import { eventually } from "../eventually.ts";
import { answer, buggyRepository, edit, plan } from "../sample.ts";
import { type System, startSystem } from "../system.ts";

const at = { owner: "acme", repo: "sample" };
const mend = edit("a - b", "a + b");
const work: Entry[] = [...plan, mend, answer];
const [look, planned] = plan as [Reply, Reply];
const call = (name: string, more: object): Reply => ({ text: "", calls: [{ name, ...more }] });
const read = { name: "readFile", input: { path: "add.js" } };
const soon = { retryAfter: 1 };

/** Those that go on: the change is proposed all the same. */
const survived: Record<string, Entry[]> = {
  "429 that the SDK waits for": [{ fault: "rate-limited", ...soon, times: 2 }, ...work],
  "429 for longer than the SDK has patience": [
    look,
    { fault: "rate-limited", ...soon, times: 7 },
    planned,
    mend,
    answer,
  ],
  "529 for longer than the SDK has patience": [
    ...plan,
    { fault: "overloaded", ...soon, times: 6 },
    mend,
    answer,
  ],
  "500 once": [...plan, mend, { fault: "server-error", ...soon }, answer],
  "stream cut before it began": [{ fault: "cut", after: { bytes: 0 } }, ...work],
  "stream cut in its first event": [{ fault: "cut", after: { bytes: 30 } }, ...work],
  "stream cut in a call": [...plan, { fault: "cut", after: { events: 4 } }, mend, answer],
  "stream cut twice": [...plan, mend, { fault: "cut", after: { bytes: 700 }, times: 2 }, answer],
  "arguments that are no JSON": [call("readFile", { arguments: '{"path": "add' }), ...work],
  "arguments that are a list": [call("readFile", { arguments: "[1]" }), ...work],
  "two calls of one id": [
    {
      text: "",
      calls: [
        { ...read, id: "call_1" },
        { ...read, id: "call_1" },
      ],
    },
    ...work,
  ],
  "call of a tool that is not there": [call("launchRocket", { input: { now: true } }), ...work],
  "empty turn": [{ text: "", calls: [], stop: "empty" }, ...work],
  "turn at its limit once": [...plan, { text: "And so", calls: [], stop: "max-tokens" }, mend, answer],
  "overflow of the context once": [
    call("readFile", { input: { path: "notes.md" } }),
    { fault: "context-overflow" },
    planned,
    mend,
    answer,
  ],
  "answer of 200,000 tokens": [...plan, mend, { ...answer, tokens: 200_000 }],
};

/** Those that a person has to do something about, with what they are told. */
const ended: Record<string, { script: Entry[]; told: RegExp; turns: number }> = {
  "401": { script: [{ fault: "credentials" }], told: /_API_KEY/, turns: 0 },
  refusal: {
    script: [{ text: "I can't help with that.", calls: [], stop: "refusal" }],
    told: /refused/,
    turns: 1,
  },
  "turn at its limit, again and again": {
    script: [{ text: "And so", calls: [], stop: "max-tokens", times: 50 }],
    told: /limit of [\d,]+ tokens/,
    turns: 5,
  },
  "the same call 10,000 times": {
    script: [{ text: "", calls: [read], times: 10_000 }],
    told: /readFile.* 3 times in a row/,
    turns: 3,
  },
  "10,000 calls that differ": {
    script: Array.from({ length: 10_000 }, (_, at) => call("searchCode", { input: { pattern: `a${at}` } })),
    told: /its 30 turns/,
    turns: 30,
  },
};

/** Those that wait for a person, and go on then. */
const parked: Record<string, Entry[]> = {
  "spending limit of the provider's": [{ fault: "spend-limit" }, ...work],
  "spending limit of one's own": [look, { fault: "own-spend-limit" }, planned, mend, answer],
};

const marked = (name: string) => `(${name})`;
const byMark = (scripts: Record<string, Entry[]>) =>
  Object.fromEntries(Object.entries(scripts).map(([name, script]) => [marked(name), script]));

describe.each([
  ["Anthropic's Messages API", { AFU9_MODEL_PROVIDER: "anthropic" }],
  ["OpenAI's Responses API", { AFU9_MODEL_PROVIDER: "openai" }],
  [
    "OpenAI's Chat Completions",
    {
      AFU9_MODEL_PROVIDER: "openai",
      AFU9_OPENAI_API: "chat",
      AFU9_MODEL: "qwen3-coder",
      AFU9_PRICES: '{"qwen3-coder":{"input":1,"output":4}}',
    },
  ],
])("%s", (_, env) => {
  let system: System;
  const issues = new Map<string, number>();
  beforeAll(async () => {
    const others = Object.entries(ended).map(([name, { script }]) => [name, script] as const);
    const cases = byMark({ ...survived, ...parked, ...Object.fromEntries(others) });
    system = await startSystem({
      script: { cases },
      files: {
        ...buggyRepository,
        "notes.md": "A line of notes. ".repeat(2_000),
        ".github/afu9.yml": "verify: \"grep -q 'a + b' add.js\"\n",
      },
      env: { ...env, AFU9_WORKER_CONCURRENCY: "24", AFU9_BUDGET_USD: "50" },
    });
    for (const mark of Object.keys(cases)) {
      const issue = { ...at, title: `add(2, 2) is 0 ${mark}`, labels: ["afu9"] };
      const { data } = await system.maintainer.rest.issues.create(issue);
      issues.set(mark, data.number);
    }
  }, 120_000);
  afterAll(() => system?.close());

  const issueOf = (name: string) => issues.get(marked(name)) ?? 0;
  const finished = (issueNumber: number) =>
    eventually(
      `the execution for issue ${issueNumber} to end`,
      async () => {
        const row = await system.db.prisma.workflowExecution.findFirst({ where: { issueNumber } });
        return row?.finishedAt && row.reported === row.revision ? row : undefined;
      },
      170,
    );
  async function commentOn(issue_number: number): Promise<string> {
    const { data } = await system.maintainer.rest.issues.listComments({ ...at, issue_number });
    return data.map(({ body }) => body).join("\n");
  }

  test.each(Object.keys(survived))(
    "an execution survives this: %s",
    async (name) => {
      const { status, error } = await finished(issueOf(name));
      expect({ name, status, error }).toEqual({ name, status: "succeeded", error: null });
    },
    180_000,
  );

  test.each(Object.entries(ended))(
    "an execution ends with this: %s",
    async (name, { told, turns }) => {
      const execution = await finished(issueOf(name));
      expect(execution.status).toBe("failed");
      expect(execution.error).toMatch(told);
      expect(await commentOn(issueOf(name))).toMatch(told);
      const runs = await system.db.prisma.agentRun.findMany({ where: { executionId: execution.id } });
      expect(runs.reduce((sum, run) => sum + run.turns, 0)).toBeLessThanOrEqual(turns);
      expect(runs.reduce((sum, run) => sum + Number(run.costUsd), 0)).toBeLessThan(5);
    },
    180_000,
  );

  test.each(Object.keys(parked))(
    "an execution waits for a person, and goes on then: %s",
    async (name) => {
      const issue_number = issueOf(name);
      await eventually("the execution to be paused, and its report to say so", async () => {
        const row = await system.db.prisma.workflowExecution.findFirst({
          where: { issueNumber: issue_number },
        });
        return row?.status === "paused" && row.reported === row.revision ? row : undefined;
      });
      expect(await commentOn(issue_number)).toContain("/afu9 resume");
      expect(await commentOn(issue_number)).toMatch(/spend|limit|quota/i);
      await system.maintainer.rest.issues.createComment({ ...at, issue_number, body: "/afu9 resume" });
      const { status, error } = await finished(issue_number);
      expect({ name, status, error }).toEqual({ name, status: "succeeded", error: null });
    },
    180_000,
  );
});
