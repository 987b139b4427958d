import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { connectDatabase, type Database } from "../../shared/db.ts";
import { executionMarker } from "../../shared/execution-marker.ts";
import { createDatabase, type TestDatabase } from "../../test/database.ts";
import { addExecution } from "../../test/rows.ts";
import { depthOf } from "./cause.ts";

const appId = 99;
const ours = { id: appId };
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

test("an issue that this App opened is one deeper than the deepest execution it is marked with", async () => {
  const [shallow, deep] = await Promise.all([addExecution(db, { depth: 0 }), addExecution(db, { depth: 2 })]);
  const body = `Found on the way.\n${executionMarker(deep.id)}\n${executionMarker(shallow.id)}`;
  const made = { user: { type: "Bot" }, performed_via_github_app: ours, body };
  expect(await depthOf(made, { db, appId })).toBe(3);
  expect(await depthOf({ ...made, body: executionMarker(shallow.id) }, { db, appId })).toBe(1);
});

test("a marker that a person or another App wrote, and one of no execution, count for nothing", async () => {
  const { id } = await addExecution(db, { depth: 3 });
  const body = executionMarker(id);
  for (const made of [
    { user: { type: "User" }, performed_via_github_app: null, body },
    { user: { type: "User" }, performed_via_github_app: ours, body },
    { user: { type: "Bot" }, performed_via_github_app: { id: 3 }, body },
    { user: { type: "Bot" }, performed_via_github_app: ours, body: executionMarker(crypto.randomUUID()) },
    { user: { type: "Bot" }, performed_via_github_app: ours, body: "<!-- afu9:execution:x' OR true -->" },
    { user: null, performed_via_github_app: ours, body: null },
  ])
    expect(await depthOf(made, { db, appId })).toBe(0);
});
