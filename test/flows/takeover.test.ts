import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { eventually } from "../eventually.ts";
import { buggyRepository, goodScript } from "../sample.ts";
import { type System, startSystem } from "../system.ts";

const at = { owner: "acme", repo: "sample" };
let system: System;
beforeAll(async () => {
  system = await startSystem({ script: goodScript, files: buggyRepository });
}, 60_000);
afterAll(() => system?.close());

test("when the worker is killed in the middle, another goes on, and nothing is done or paid for twice", async () => {
  const { data: issue } = await system.maintainer.rest.issues.create({
    ...at,
    title: "add(2, 2) is 0",
    labels: ["afu9"],
  });
  const saved = await eventually("a step of the agent to be saved", async () => {
    const turns = await system.db.prisma.agentMessage.findMany({ orderBy: { createdAt: "asc" } });
    return turns.length >= 3 ? turns : undefined;
  });
  system.kill(system.worker);
  await system.startWorker();
  const execution = await system.finished(issue.number);
  expect({ status: execution.status, error: execution.error }).toEqual({ status: "succeeded", error: null });
  expect(Number(execution.fence)).toBeGreaterThanOrEqual(2);

  const turns = await system.db.prisma.agentMessage.findMany({ orderBy: { createdAt: "asc" } });
  expect(turns.slice(0, saved.length)).toEqual(saved);
  expect(turns.filter(({ message }) => JSON.stringify(message).includes('"role":"assistant"'))).toHaveLength(
    goodScript.length,
  );
  const { data: pulls } = await system.maintainer.rest.pulls.list({ ...at, state: "all" });
  expect(pulls).toHaveLength(1);
  const { data: branches } = await system.maintainer.rest.repos.listBranches(at);
  expect(branches).toHaveLength(2);
}, 90_000);
