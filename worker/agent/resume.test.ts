import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { checkRequest } from "../../local/model/anthropic/check-request.ts";
import { runStep, type Said, type StepOptions, says } from "../../test/agent-steps.ts";
import { type Executions, openExecutions } from "../../test/executions.ts";
import type { Message } from "../llm/model.ts";
import { serve } from "../llm/testing/serve.ts";

let executions: Executions;
beforeAll(async () => {
  executions = await openExecutions();
});
afterAll(() => executions?.close());

const call = (id: string, name: string, input: Record<string, unknown>) => ({ id, name, input });
const read = (id: string, path: string) => call(id, "readFile", { path });
const long = "A line of a file. ".repeat(330);

/** A conversation with calls side by side and in order, an empty turn, results that are shortened, a summary and a repair. */
const conversation: Said[] = [
  {
    text: "I read.",
    calls: [
      read("1", "a.js"),
      read("2", "b.js"),
      call("3", "writeFile", { path: "c", content: "1" }),
      read("4", "c"),
    ],
  },
  {},
  { text: "On.", calls: [read("5", "d.js"), call("6", "dance", {})] },
  ...["e", "f", "g"].map((name, at) => ({ calls: [read(`1${at}`, name)], tokens: 5_000 })),
  { text: "- [ ] mend h.js", calls: [read("21", "h.js")], tokens: 16_500 },
  { calls: [read("22", "i.js")], tokens: 16_800 },
  { text: "I know the cause.", tokens: 16_900 },
  { text: "I am done.", tokens: 500 },
  { text: '{"title": "Mend it"}', tokens: 600 },
];
const tools: Pick<StepOptions, "call"> = { call: (name) => (name === "workspace.readFile" ? long : "ok") };

class Dead extends Error {}

async function messagesOf(execution: string) {
  const rows = await executions.db.prisma.agentMessage.findMany({
    where: { agentRun: { executionId: execution } },
    orderBy: { sequence: "asc" },
  });
  return rows.map(({ message }) => message as Message);
}

/** Runs the conversation by workers that die after so many saved messages, one after the other. */
async function converse(...deaths: number[]) {
  await using server = await serve(...conversation.map(says));
  const id = await executions.add();
  const calls: string[] = [];
  for (const death of [...deaths, Number.POSITIVE_INFINITY]) {
    const claim = await executions.claim(id);
    const saved = (await messagesOf(id)).length;
    const run = await runStep(executions, claim, {
      url: server.url,
      ...tools,
      onSaved: (count) => {
        if (count >= death && count > saved) throw new Dead();
      },
    });
    calls.push(...run.calls);
    if (!(run.output instanceof Dead))
      return { id, calls, output: run.output, requests: server.requests.map(({ body }) => body) };
    await executions.expire(id);
  }
  throw new Error("Expected the last worker to live.");
}

test("wherever workers die, the requests have the same bytes, and no turn and no call is made twice", async () => {
  const whole = await converse();
  expect(whole.output).toEqual({ title: "Mend it" });
  const messages = await messagesOf(whole.id);
  expect(messages.flatMap((message) => (message.role === "user" ? [message.kind] : []))).toEqual([
    ...["task", "again", "shrink", "summarise", "compaction", "repair"],
  ]);
  for (const body of whole.requests) expect(checkRequest(JSON.parse(body))).not.toHaveProperty("fault");

  const everywhere = messages.map((_, at) => at + 1).slice(0, -1);
  for (const deaths of [everywhere, [2], [4, 11], [9, 20]]) {
    const again = await converse(...deaths);
    expect(again.output).toEqual({ title: "Mend it" });
    expect(again.requests).toEqual(whole.requests);
    expect(await messagesOf(again.id)).toEqual(messages);
    // What only looks may be under way, without a result, when a worker dies.
    expect([...new Set(again.calls)]).toEqual(whole.calls);
    const writes = again.calls.filter((made) => made.includes("writeFile"));
    expect(writes).toHaveLength(1);
  }
}, 60_000);

test("what is said is what the row counts", async () => {
  const { id } = await converse();
  expect(await executions.db.prisma.agentRun.findFirst({ where: { executionId: id } })).toMatchObject({
    turns: conversation.length,
    outcome: "finished",
    outputTokens: conversation.length * 20,
  });
});

test("a secret is neither sent nor saved, whoever says it", async () => {
  const secret = "correct-horse-battery-staple";
  const replies: Said[] = [
    { text: `I know ${secret}.`, calls: [call("1", "writeFile", { path: "a", content: secret })] },
    { text: '{"title": "Mend it"}' },
  ];
  await using server = await serve(...replies.map(says));
  const id = await executions.add();
  const { calls } = await runStep(executions, await executions.claim(id), {
    url: server.url,
    inputs: { issue: `The key is ${secret}.` },
    call: () => `It is ${secret}.`,
    secrets: [secret],
  });
  const told =
    server.requests.map(({ body }) => body).join() + JSON.stringify(await messagesOf(id)) + calls.join();
  expect(told).not.toContain(secret);
  expect(server.requests[1]?.body.match(/\[removed\]/g)).toHaveLength(4);
  expect(checkRequest(JSON.parse(server.requests[1]?.body ?? ""))).not.toHaveProperty("fault");
});
