// The chain is written as in production and verified from what PostgreSQL gives back.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { connectDatabase, type Database } from "../../shared/db.ts";
import { createRedact } from "../../shared/redact.ts";
import { createDatabase, type TestDatabase } from "../../test/database.ts";
import { seedExecution } from "../../test/seed-execution.ts";
import { type AuditedCall, openAudit } from "../../worker/tools/audit.ts";
import { readOnly } from "../read-only.ts";
import { type Chain, verifyChain } from "./verify-chain.ts";

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createDatabase();
  db = connectDatabase(database.url, { max: 2 });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

const at = (time: string) => new Date(`2026-11-25T10:00:${time}Z`);
const call: AuditedCall = {
  stepId: "plan",
  server: "workspace",
  tool: "readFile",
  arguments: { path: "add.js" },
  result: { text: "a - b" },
  error: null,
  startedAt: at("00.001"),
  completedAt: at("00.042"),
};

async function recorded(...calls: Partial<AuditedCall>[]): Promise<string> {
  const id = await seedExecution(db);
  const audit = openAudit(db.pool, { id, fence: 0n }, createRedact());
  for (const one of calls) await audit.record({ ...call, ...one });
  await audit.flush();
  return id;
}
const verified = (id: string): Promise<Chain> => readOnly(db, (client) => verifyChain(client, id));
const change = (id: string, sequence: number, set: string) =>
  db.pool.query(`UPDATE mcp_tool_calls SET ${set} WHERE execution_id = $1 AND sequence = $2`, [id, sequence]);

test.each<[string, Partial<AuditedCall>]>([
  [
    "numbers that SQL writes otherwise",
    { result: [1.0, -0, 0.1 + 0.2, 1e21, 1e-7, 5e-324, 1.7976931348623157e308] },
  ],
  ["large integers", { result: { a: 2 ** 53, b: 2 ** 64, c: -(2 ** 31) } }],
  ["text of every script", { result: { ä: '日本語 🎉 é é \u2028 \\ " / \u0001 \u007f' } }],
  [
    "NUL, which is replaced",
    { result: "a\u0000b", arguments: { "k\u0000": "\u0000" }, error: "it\u0000 failed" },
  ],
  [
    "lone surrogates, which are replaced",
    { result: ["\ud800", "\udc00x", { "\ud83d": 1 }], error: "\ud800" },
  ],
  ["keys that become the same", { result: { "\u0000": 1, "\ufffd": 2, b: 3 } }],
  ["keys that become the same, the other way round", { result: { "\ufffd": 1, "\u0000": 2, b: 3 } }],
  ["keys whose order changes when they are replaced", { result: { "a\u0000": 1, ab: 2, "a\uffff": 3 } }],
  ["keys that jsonb sorts by length", { result: { zz: 1, a: 2, "10": 3, "9": 4, "": 5, B: { b: 1, A: 2 } } }],
  [
    "a key that means something to JavaScript",
    { result: JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}') },
  ],
  ["nothing", { result: undefined, arguments: {} }],
  ["null, and holes", { result: null, arguments: { list: [undefined, null], gone: undefined } }],
  ["a text that looks like JSON", { result: '{"a": 1}' }],
  ["a result that is too large to be kept", { result: { text: "ä\u0000".repeat(70_000) } }],
  ["milliseconds", { startedAt: at("00.999"), completedAt: at("59.001") }],
  ["a clock that was set back", { startedAt: at("10.000"), completedAt: at("09.500") }],
])("what was recorded is verified from the stored form: %s", async (_what, one) => {
  const id = await recorded({}, one, {});
  expect(await verified(id)).toMatchObject({ calls: 3 });
  expect((await verified(id)).broken).toBeUndefined();
});

test("a secret reaches no row, and the chain holds", async () => {
  const token = `ghs_${"a1".repeat(18)}`;
  const id = await recorded(
    { arguments: { url: `https://x:${token}@host` }, result: [token], error: token },
    {},
  );
  const { rows } = await db.pool.query(
    "SELECT row_to_json(c)::text AS text FROM mcp_tool_calls c WHERE execution_id = $1",
    [id],
  );
  expect(JSON.stringify(rows)).not.toContain(token);
  expect(rows[0].text).toContain("https://x:[removed]@host");
  const chain = await verified(id);
  expect([chain.calls, chain.broken]).toEqual([2, undefined]);
});

test("more rows than one page are verified", async () => {
  const id = await recorded(...Array.from({ length: 205 }, (_, n) => ({ result: n })));
  expect(await verified(id)).toMatchObject({ calls: 205 });
  await change(id, 203, "result = '0'");
  expect((await verified(id)).broken).toMatchObject({ sequence: 203, differs: "hash" });
});

test.each([
  ["arguments", `arguments = '{"path": "other.js"}'`],
  ["result", `result = '{"text": "a + b"}'`],
  ["error", "error = 'It failed.'"],
  ["tool", "tool = 'writeFile'"],
  ["server", "server = 'github'"],
  ["step", "step_id = 'implement'"],
  ["start", "started_at = started_at - interval '1 ms'"],
  ["end", "completed_at = completed_at + interval '1 ms'"],
  ["hash", "hash = repeat('a', 64)"],
])("a row whose %s was changed is named", async (_what, set) => {
  const id = await recorded({}, {}, {});
  await change(id, 2, set);
  expect((await verified(id)).broken).toMatchObject({ sequence: 2, differs: "hash" });
});

test("a duration that was changed is named", async () => {
  const id = await recorded({});
  await change(id, 1, "duration_ms = 7");
  expect((await verified(id)).broken).toMatchObject({ sequence: 1, differs: "duration_ms" });
});

test("a row that was removed, at the beginning or in the middle, is a gap", async () => {
  for (const sequence of [1, 2]) {
    const id = await recorded({}, {}, {});
    await db.pool.query("DELETE FROM mcp_tool_calls WHERE execution_id = $1 AND sequence = $2", [
      id,
      sequence,
    ]);
    expect((await verified(id)).broken).toMatchObject({ sequence: sequence + 1, differs: "gap" });
  }
});

test("rows that were removed and the rest numbered anew do not follow each other", async () => {
  const id = await recorded({}, { result: 2 }, {});
  await db.pool.query("DELETE FROM mcp_tool_calls WHERE execution_id = $1 AND sequence = 2", [id]);
  await change(id, 3, "sequence = 2");
  expect((await verified(id)).broken).toMatchObject({ sequence: 2, differs: "prev_hash" });
});

test("a row that was moved to another execution does not fit there", async () => {
  const [from, to] = [await recorded({}), await recorded()];
  await db.pool.query("UPDATE mcp_tool_calls SET execution_id = $2 WHERE execution_id = $1", [from, to]);
  expect((await verified(to)).broken).toMatchObject({ sequence: 1, differs: "hash" });
});
