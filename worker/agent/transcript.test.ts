import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Database } from "../../shared/db.ts";
import { type Executions, openExecutions } from "../../test/executions.ts";
import type { Claim } from "../engine/claim.ts";
import type { AssistantMessage, Message, Model } from "../llm/model.ts";
import { createTranscriptStore } from "./transcript.ts";

const model: Pick<Model, "provider" | "name"> = { provider: "anthropic", name: "sample" };
const task: Message = { role: "user", kind: "task", text: "Do it." };
// PostgreSQL sorts an object's keys by their length, and takes no NUL.
const input = { replacement: "b\u0000", path: "a.js" };
const turn: AssistantMessage = {
  role: "assistant",
  text: "I write.",
  calls: [{ id: "1", name: "editFile", input }],
  usage: { input: 1, output: 2, cacheRead: 3, cacheWrite: 4 },
  costUsd: 0.25,
  native: { provider: "anthropic", content: [{ type: "tool_use", id: "1", name: "editFile", input }] },
};

let executions: Executions;
let db: Database;
let changes = 0;
beforeAll(async () => {
  executions = await openExecutions();
  db = executions.db;
});
afterAll(() => executions?.close());

/** An execution that is claimed. */
const claimed = async () => executions.claim(await executions.add());

function storeFor(claim: Claim) {
  return createTranscriptStore(db.pool, claim, { onChange: () => changes++ });
}

async function open(claim: Claim, stepId = "plan") {
  return storeFor(claim).open({ stepId, agent: "plan", model, system: "Plan.", tools: [] });
}

test("a transcript that is opened again has the bytes that it had, whatever was in it", async () => {
  const claim = await claimed();
  const first = await open(claim);
  await first.say(task);
  await first.say(turn);
  const again = await open(claim);
  expect(again.messages).toHaveLength(2);
  expect(again.messages).toEqual(first.messages);
  expect(JSON.stringify(again.messages[1])).toBe(JSON.stringify(first.messages[1]));
  expect(again.messages[1]).toMatchObject({ text: "I write.", calls: [{ input: { path: "a.js" } }] });
});

test("what a turn cost is counted in the row, and for the whole execution", async () => {
  const claim = await claimed();
  const plan = await open(claim);
  await plan.say(task);
  await plan.say(turn);
  await (await open(claim, "implement")).say(turn);
  await plan.finish("finished");
  expect(await storeFor(claim).spentUsd()).toBe(0.5);
  const rows = await db.prisma.agentRun.findMany({ where: { executionId: claim.id, stepId: "plan" } });
  expect(rows).toMatchObject([
    {
      turns: 1,
      inputTokens: 1,
      outputTokens: 2,
      cacheReadTokens: 3,
      cacheWriteTokens: 4,
      outcome: "finished",
    },
  ]);
});

test("the row names the model that answered last, also after another one took over", async () => {
  const claim = await claimed();
  const plan = await open(claim);
  const named = () => db.prisma.agentRun.findFirst({ where: { executionId: claim.id } });
  await plan.say(turn);
  expect(await named()).toMatchObject({ provider: "anthropic", model: "sample" });
  await plan.say({ ...turn, native: { provider: "openai", model: "another", content: [] } });
  await plan.say(task);
  expect(await named()).toMatchObject({ provider: "openai", model: "another" });
});

test("a worker that lost the execution can say nothing", async () => {
  const claim = await claimed();
  const transcript = await open(claim);
  await db.pool.query("UPDATE workflow_executions SET fence = fence + 1 WHERE id = $1", [claim.id]);
  const before = changes;
  await expect(transcript.say(task)).rejects.toThrow("Another worker runs the execution");
  await expect(transcript.finish("finished")).rejects.toThrow("Another worker runs the execution");
  await expect(open(claim)).rejects.toThrow("Another worker runs the execution");
  expect({ said: transcript.messages, changes }).toEqual({ said: [], changes: before });
  expect(await db.prisma.agentMessage.count({ where: { agentRun: { executionId: claim.id } } })).toBe(0);
});
