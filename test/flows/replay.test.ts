import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openFork } from "../../cli/replay/fork.ts";
import { readRecording } from "../../cli/replay/recording.ts";
import { type ReplayDeps, replay } from "../../cli/replay/replay.ts";
import type { Reply } from "../../local/model/script.ts";
import { startModel } from "../../local/model/start-model.ts";
import { createGitHubApp } from "../../shared/github.ts";
import { createLogger } from "../../shared/logger.ts";
import { modelSettings } from "../../shared/models/model-settings.ts";
import { type AgentDefinition, loadAgents } from "../../worker/agent/agent-definition.ts";
import { createModels } from "../../worker/llm/create-models.ts";
import type { Message } from "../../worker/llm/model.ts";
import { createMcpServers } from "../../worker/tools/mcp-servers.ts";
import { openRegistry } from "../../worker/tools/registry.ts";
import { answer, buggyRepository, edit, plan } from "../sample.ts";
import { type System, startSystem } from "../system.ts";

const log = createLogger("test", "silent");
const missing = { text: "", calls: [{ name: "readFile", input: { path: "nowhere.js" } }] };
const wrong = [missing, edit("a - b", "a * b + 1"), answer, edit("a * b + 1", "a + b"), answer];
let system: System;
let id: string;
let agents: Map<string, AgentDefinition>;
beforeAll(async () => {
  agents = await loadAgents(join(import.meta.dirname, "../../agents"));
  system = await startSystem({ script: [...plan, ...wrong], files: buggyRepository });
  const { data: issue } = await system.maintainer.rest.issues.create({
    owner: "acme",
    repo: "sample",
    title: "add(2, 2) is 0",
    labels: ["afu9"],
  });
  const execution = await system.finished(issue.number);
  expect(execution.status).toBe("succeeded");
  id = execution.id;
}, 90_000);
afterAll(() => system?.close());

async function again(more: Partial<ReplayDeps> = {}) {
  const steps: string[] = [];
  const recording = await readRecording(system.db, id);
  const onStep = (step: string, status: string) => void steps.push(`${step} ${status}`);
  return { report: await replay(recording, { agents, log, onStep, ...more }), steps, recording };
}

test("a recorded execution comes out the same again, without a model, a tool or GitHub", async () => {
  const requests = (await system.github.requests()).length;
  const { report, steps } = await again();
  expect(report).toEqual({ execution: id, steps: 11, turns: 7, toolCalls: 16 });
  expect(steps.at(-1)).toBe("close succeeded");
  expect((await system.github.requests()).length).toBe(requests);
});

test("the command says so, or where it differs, by text and exit code", async () => {
  const program = join(import.meta.dirname, "../../cli/main.ts");
  const env = { ...process.env, DATABASE_URL: system.databaseUrl, NO_COLOR: "1" };
  const type = (...args: string[]) =>
    new Promise<{ code: number; text: string }>((resolve) => {
      execFile(process.execPath, [program, ...args], { env }, (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), text: `${stdout}${stderr}` }),
      );
    });
  const same = await type("replay", id.slice(-8));
  expect(same).toMatchObject({ code: 0 });
  expect(same.text).toContain("✔ 11 steps, 7 turns, 16 tool calls: all came out as recorded.");
  expect(await type("replay", id, "--model", "openai")).toMatchObject({
    code: 2,
    text: expect.stringContaining("--model is for --from"),
  });
  expect(await type("replay", id, "--from", "nowhere")).toMatchObject({
    code: 1,
    text: expect.stringContaining("There is no step nowhere. The steps are issue, workspace,"),
  });
});

test("an agent that is told something else differs there", async () => {
  const changed = new Map(agents);
  const implement = agents.get("implement");
  if (!implement) throw new Error("Expected the agent implement");
  changed.set("implement", { ...implement, prompt: `${implement.prompt} Be brief.` });
  const { report, steps } = await again({ agents: changed });
  expect(report.difference).toMatchObject({ step: "implement", what: "the agent's prompt" });
  expect(steps.slice(-2)).toEqual(["plan succeeded", "approval skipped"]);
});

test("a result that was changed afterwards shows in the first thing that follows from it", async () => {
  const where = { executionId_sequence: { executionId: id, sequence: 1 } };
  const call = await system.db.prisma.mcpToolCall.findUniqueOrThrow({ where });
  const change = (title: string) =>
    system.db.pool.query(
      `UPDATE workflow_steps SET output = jsonb_set(output, '{title}', $2) WHERE execution_id = $1 AND step_id = 'issue'`,
      [id, JSON.stringify(title)],
    );
  expect(call.tool).toBe("getIssue");
  await change("another title");
  try {
    const { report } = await again();
    expect(report.difference).toEqual({
      step: "plan",
      what: "its inputs",
      path: "issue.title",
      recorded: "add(2, 2) is 0",
      replayed: "another title",
    });
  } finally {
    await change("add(2, 2) is 0");
  }
});

test("a fork goes on from a step with a live model in a checkout of its own, and changes nothing outside", async () => {
  const folder = await mkdtemp(join(tmpdir(), "afu9-fork-"));
  const script: Reply[] = [edit("a - b", "b + a"), answer];
  await writeFile(join(folder, "script.json"), JSON.stringify(script));
  const model = await startModel({ script: join(folder, "script.json"), port: 0, log });
  const said: Message[] = [];
  const { env } = system;
  const fork = openFork(await readRecording(system.db, id), {
    registry: openRegistry(system.db),
    mcp: createMcpServers({ log, headerValues: {} }),
    secret: env.AFU9_MCP_SECRET ?? "",
    github: createGitHubApp(
      {
        APP_ID: Number(env.APP_ID),
        PRIVATE_KEY: env.PRIVATE_KEY,
        GITHUB_API_URL: env.GITHUB_API_URL ?? "",
        GITHUB_SERVER_URL: env.GITHUB_SERVER_URL ?? "",
      },
      log,
    ),
    agents,
    model: createModels(
      modelSettings.parse({ ANTHROPIC_API_KEY: "sk-ant-test", ANTHROPIC_BASE_URL: model.url }),
      { log },
    ).modelFor(),
    budgetUsd: 5,
    log,
    onMessage: (_step, message) => said.push(message),
  });
  try {
    const { report, steps } = await again({ live: { from: "implement", run: fork.run } });
    expect(report.difference).toBeUndefined();
    expect(report.endsAt).toMatch(
      /^The step branch would call github\.createBranch with \{.*"afu9\/issue-1-/,
    );
    expect(steps).toEqual([
      "issue succeeded",
      "workspace succeeded",
      "baseline succeeded",
      "plan succeeded",
      "approval skipped",
      "implement succeeded",
      "changes succeeded",
    ]);
    expect(said.filter(({ role }) => role === "assistant")).toHaveLength(2);
    const pulls = await system.maintainer.rest.pulls.list({ owner: "acme", repo: "sample", state: "all" });
    expect(pulls.data).toHaveLength(1);
    expect(await system.db.prisma.workflowExecution.count()).toBe(1);
  } finally {
    await fork.close();
    await model.close();
    await rm(folder, { recursive: true });
  }
}, 60_000);
