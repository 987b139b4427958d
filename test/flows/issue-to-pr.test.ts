import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { startRedis } from "../redis.ts";
import { requireProgram } from "../requires.ts";
import { runAfu9 } from "../run-afu9.ts";
import { buggyRepository, goodScript } from "../sample.ts";
import { type System, startSystem } from "../system.ts";

const issueOf = { owner: "acme", repo: "sample" };

describe.each([{ queue: "PostgreSQL" }, { queue: "Redis" }])("with the queue on $queue", ({ queue }) => {
  const test =
    queue === "Redis"
      ? requireProgram("redis-server", "apt-get install redis-server")
      : requireProgram("git", "apt-get install git");
  let system: System;
  let redis: { url: string; stop(): Promise<void> } | undefined;

  beforeAll(async () => {
    if (!test.isMet) return;
    if (queue === "Redis") redis = await startRedis();
    system = await startSystem({ script: goodScript, files: buggyRepository, redisUrl: redis?.url });
  }, 60_000);
  afterAll(async () => {
    await system?.close();
    await redis?.stop();
  });

  test("a labelled issue becomes a pull request whose tests pass", async () => {
    const before = execFileSync("git", ["-C", system.source, "status", "--porcelain"]).toString();
    const { data: issue } = await system.maintainer.rest.issues.create({
      ...issueOf,
      title: "add(2, 2) is 0",
      body: "It should be 4.",
      labels: ["afu9"],
    });
    const execution = await system.finished(issue.number);
    expect({ status: execution.status, error: execution.error }).toEqual({
      status: "succeeded",
      error: null,
    });

    const { data: pulls } = await system.maintainer.rest.pulls.list(issueOf);
    expect(pulls.map(({ title, draft, base }) => ({ title, draft, base: base.ref }))).toEqual([
      { title: "Make add() add", draft: false, base: "main" },
    ]);
    const [pull] = pulls;
    if (!pull) throw new Error("Expected a pull request");
    expect(pull.body).toContain(`Closes #${issue.number}`);
    expect(pull.body).toContain("- `node --test`: passed, exit code 0");
    expect(pull.body).toContain(`On a clean checkout of the files of ${pull.head.sha}:`);
    expect(pull.body).toContain("- What needs a network: the commands ran without one.");
    expect(pull.body).toMatch(
      new RegExp(`Models cost \\$0\\.\\d{4} until here · execution \\[.${execution.id}.\\]\\(http`),
    );

    const { data: files } = await system.maintainer.rest.pulls.listFiles({
      ...issueOf,
      pull_number: pull.number,
    });
    expect(files.map(({ filename, additions, deletions }) => ({ filename, additions, deletions }))).toEqual([
      { filename: "add.js", additions: 1, deletions: 1 },
    ]);
    const { data: checks } = await system.maintainer.rest.checks.listForRef({
      ...issueOf,
      ref: pull.head.sha,
    });
    expect(
      checks.check_runs.map(({ name, status, conclusion, external_id }) => ({
        name,
        status,
        conclusion,
        external_id,
      })),
    ).toEqual([{ name: "AFU-9", status: "completed", conclusion: "success", external_id: execution.id }]);
    const { data: comments } = await system.maintainer.rest.issues.listComments({
      ...issueOf,
      issue_number: issue.number,
    });
    expect(comments).toHaveLength(1);
    expect(comments[0]?.body).toContain("### AFU-9 is done");
    expect(comments[0]?.body).toContain(`Pull request: #${pull.number}`);
    expect(execFileSync("git", ["-C", system.source, "status", "--porcelain"]).toString()).toBe(before);
  });

  test("what was done is in the rows: steps, turns, tool calls in an unbroken chain", async () => {
    const { prisma } = system.db;
    const steps = await prisma.workflowStep.findMany({ orderBy: { position: "asc" } });
    expect(steps.map(({ stepId, status }) => `${stepId} ${status}`)).toEqual([
      "issue succeeded",
      "workspace succeeded",
      "baseline succeeded",
      "plan succeeded",
      "approval skipped",
      "implement succeeded",
      "changes succeeded",
      "branch succeeded",
      "commit succeeded",
      "pull-request succeeded",
      "close succeeded",
    ]);
    const runs = await prisma.agentRun.findMany({ orderBy: { startedAt: "asc" } });
    expect(runs.map(({ agent, turns, outcome }) => ({ agent, turns, outcome }))).toEqual([
      { agent: "plan", turns: 2, outcome: "finished" },
      { agent: "implement", turns: 3, outcome: "finished" },
    ]);
    const calls = await prisma.mcpToolCall.findMany({ orderBy: { sequence: "asc" } });
    expect(calls.map(({ sequence }) => sequence)).toEqual(calls.map((_, index) => index + 1));
    const audit = await runAfu9(system.databaseUrl, "audit", "verify", "--all");
    expect(audit).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`${calls.length} calls of 1 execution`),
    });
    expect(calls.map(({ server, tool }) => `${server}.${tool}`)).toContain("workspace.verify");
  });

  test("no secret is in the rows or in the log", async () => {
    const { rows } = await system.db.pool.query<{ text: string }>(
      `SELECT string_agg(t, '') AS text FROM (
         SELECT arguments::text || coalesce(result::text, '') AS t FROM mcp_tool_calls
         UNION ALL SELECT message::text FROM agent_messages
         UNION ALL SELECT coalesce(input::text, '') || coalesce(output::text, '') FROM workflow_steps) AS all_text`,
    );
    const everything = `${rows[0]?.text}\n${system.lines.join("\n")}`;
    expect(everything).toContain("add.js");
    expect(everything).not.toMatch(
      /ghs_|ghp_|sk-ant-test|a secret of the tests|BEGIN [A-Z ]*PRIVATE KEY|eyJhbGci/,
    );
  });

  test("the tokens that cloned the repository were read-only and are revoked", async () => {
    const requests = await system.github.requests();
    const revoked = requests.filter(
      ({ method, path }) => method === "DELETE" && path.endsWith("/installation/token"),
    );
    expect(revoked.map(({ status }) => status)).toEqual([204]);
  });
});
