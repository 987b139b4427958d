import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { connectDatabase, type Database } from "../shared/db.ts";
import { createDatabase, type TestDatabase } from "../test/database.ts";
import { addExecution } from "../test/rows.ts";
import { executionLinks } from "./execution-links.ts";

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
const ask = (id: string) =>
  executionLinks({ db, githubUrl: "https://github.example" }).request(`/executions/${id}`);

test("an execution's address leads to its issue on GitHub, and to its comment once that is there", async () => {
  const { id } = await addExecution(db, {});
  const { repository, issueNumber } = await db.prisma.workflowExecution.findUniqueOrThrow({
    where: { id },
    include: { repository: true },
  });
  const issue = `https://github.example/${repository.owner}/${repository.name}/issues/${issueNumber}`;
  const early = await ask(id);
  expect([early.status, early.headers.get("location"), await early.text()]).toEqual([302, issue, ""]);
  await db.prisma.workflowExecution.update({ where: { id }, data: { commentId: 77n } });
  expect((await ask(id)).headers.get("location")).toBe(`${issue}#issuecomment-77`);
});

test("there is nothing at the address of none", async () => {
  for (const id of [crypto.randomUUID(), "1", "x' OR true", "%00"]) expect((await ask(id)).status).toBe(404);
});
