// The audit and the deliveries, from the command line.
import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { connectDatabase, type Database } from "../../shared/db.ts";
import { createRedact } from "../../shared/redact.ts";
import { openAudit } from "../../worker/tools/audit.ts";
import { createDatabase, type TestDatabase } from "../database.ts";
import { json, runAfu9 } from "../run-afu9.ts";
import { seedExecution, seedStep } from "../seed-execution.ts";

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createDatabase();
  db = connectDatabase(database.url, { max: 5 });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const afu9 = (...args: string[]) => runAfu9(database.url, ...args);
const ended = (error: string | null = null) => ({ error, startedAt: new Date(), finishedAt: new Date() });

test("the audit of an execution is verified; a changed row, and a removed end, are named", async () => {
  const id = await seedExecution(db, { status: "succeeded", ...ended() });
  const audit = openAudit(db.pool, { id, fence: 0n }, createRedact());
  const times = { startedAt: new Date(0), completedAt: new Date(5) };
  const kept = { arguments: {}, result: {}, error: null, ...times };
  await audit.record({ stepId: "issue", server: "github", tool: "getIssue", ...kept });
  await audit.record({ stepId: "plan", server: "workspace", tool: "readFile", ...kept });
  await audit.record({ stepId: "plan", server: "workspace", tool: "verify", ...kept });
  await audit.flush();
  await seedStep(db, id, { stepId: "issue", position: 0 });
  const run = { stepId: "plan", agent: "plan", provider: "anthropic", model: "m", outcome: "finished" };
  const { id: agentRunId } = await db.prisma.agentRun.create({ data: { executionId: id, ...run } });
  const made = { role: "tool", callId: "1", name: "readFile", text: "", isError: false, durationMs: 5 };
  const notMade = { ...made, callId: "2", isError: true, durationMs: 0 };
  for (const [sequence, message] of [made, notMade].entries())
    await db.prisma.agentMessage.create({ data: { agentRunId, sequence, message } });

  expect(json(await afu9("audit", "verify", id, "--json"))).toMatchObject({ calls: 3, broken: [] });
  expect((await afu9("audit", "verify", "--all")).stdout).toMatch(/✔ 3 calls of 1 execution: every row/);

  await db.pool.query("DELETE FROM mcp_tool_calls WHERE execution_id = $1 AND sequence = 3", [id]);
  const shorter = await afu9("audit", "verify", id);
  expect(shorter).toMatchObject({ code: 1, stdout: expect.stringContaining("row 3 (verify)") });
  await db.pool.query("DELETE FROM mcp_tool_calls WHERE execution_id = $1 AND sequence = 2", [id]);
  expect((await afu9("audit", "verify", id)).stdout).toContain("row 2 (readFile)");

  await db.pool.query(`UPDATE mcp_tool_calls SET result = '{"a": 1}' WHERE execution_id = $1`, [id]);
  const broken = await afu9("audit", "verify", "--all");
  expect(broken).toMatchObject({
    code: 1,
    stdout: expect.stringContaining(`${id}: row 1 (github.getIssue): its content was changed (hash).`),
  });
  expect(await afu9("audit", "verify", id, "--all")).toMatchObject({ code: 2 });
}, 90_000);

test("an export is verified without AFU-9: each line's hash is that of the hash before and its text", async () => {
  const id = await seedExecution(db, { status: "succeeded", ...ended() });
  const audit = openAudit(db.pool, { id, fence: 0n }, createRedact());
  const times = { startedAt: new Date(0), completedAt: new Date(5) };
  const call = { stepId: "issue", server: "github", tool: "getIssue", ...times };
  await audit.record({
    ...call,
    arguments: { number: 7 },
    result: { "10": 1e21, ä: 'a "b",\n' },
    error: null,
  });
  await audit.record({ ...call, arguments: {}, result: null, error: '=HYPERLINK("http://x")' });
  await audit.flush();

  const { code, stdout } = await afu9("audit", "export", id);
  expect(code).toBe(0);
  let before = "0".repeat(64);
  const lines = stdout.trim().split("\n");
  for (const line of lines) {
    const { prevHash, hash, hashed } = JSON.parse(line);
    expect(prevHash).toBe(before);
    before = createHash("sha256")
      .update(before + hashed)
      .digest("hex");
    expect(hash).toBe(before);
    expect(JSON.parse(hashed)).toMatchObject({ execution: id, tool: "getIssue" });
  }
  expect(lines).toHaveLength(2);
  expect(json(await afu9("audit", "verify", id, "--json")).lastHash).toBe(before);

  const csv = await afu9("audit", "export", id, "--format", "csv");
  const [head, ...rows] = csv.stdout.split("\n");
  expect(head).toMatch(/^execution,sequence,.*,prevHash,hash,hashed$/);
  expect(rows[0]).toContain('"{""number"":7}"');
  expect(rows[1]).toContain(`,"'=HYPERLINK(""http://x"")",`);
}, 90_000);

test("deliveries are listed by event and status, and one that failed is handled again", async () => {
  const payload = (text: string) => Uint8Array.from(Buffer.from(text));
  await db.prisma.webhookDelivery.createMany({
    data: [
      {
        id: "d-1",
        event: "issues",
        payload: payload('{"action":"labeled"}'),
        status: "failed",
        error: "GitHub is away",
      },
      { id: "d-2", event: "issues", payload: payload('{"action": "opened"}'), status: "processed" },
      { id: "d-3", event: "ping", payload: payload("\xff\0 no JSON") },
    ],
  });
  const listed = json(await afu9("deliveries", "list", "--json"));
  expect(listed).toHaveLength(3);
  const failed = await afu9("deliveries", "list", "--event", "issues.labeled", "--status", "failed");
  expect(failed.stdout).toMatch(/d-1 +failed +issues.labeled +\d+ s +GitHub is away\n$/);

  expect(await afu9("deliveries", "redeliver", "d-1")).toMatchObject({ code: 0, stderr: "" });
  const row = await db.prisma.webhookDelivery.findUniqueOrThrow({ where: { id: "d-1" } });
  expect(row).toMatchObject({ status: "received", error: null });
  expect(await afu9("deliveries", "redeliver", "d-9")).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("APP_ID"),
  });
}, 90_000);
