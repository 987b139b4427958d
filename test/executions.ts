// Executions in a database of their own, for tests of what works on the rows.
import { randomUUID } from "node:crypto";
import { connectDatabase } from "../shared/db.ts";
import type { Trigger } from "../shared/trigger.ts";
import { type Claim, claimDue } from "../worker/engine/claim.ts";
import { createDatabase } from "./database.ts";

export type Executions = Awaited<ReturnType<typeof openExecutions>>;

export async function openExecutions({
  source = "name: w\non: {}\nsteps: [{ id: one, tool: a.b }]\n",
  /** How many statements may be under way at once. */
  max = 5,
} = {}) {
  const database = await createDatabase();
  const db = connectDatabase(database.url, { max });
  const workflow = await db.prisma.workflow.create({ data: { name: "w", version: "1", source } });
  let issueNumber = 0;

  /** Makes an execution that is due. */
  async function add(of: { installation?: number; repository?: number } = {}): Promise<string> {
    const { installation = 1, repository = installation } = of;
    const known = { installationId: installation, owner: "acme", name: "sample", defaultBranch: "main" };
    await db.prisma.repository.createMany({ data: [{ id: repository, ...known }], skipDuplicates: true });
    issueNumber += 1;
    const deliveryId = randomUUID();
    const trigger: Trigger = {
      kind: "label",
      delivery: deliveryId,
      installation,
      sender: { id: 1, login: "pat" },
      repository: { id: repository, owner: "acme", name: "sample", defaultBranch: "main" },
      issue: { number: issueNumber, title: "A bug" },
      instructions: "",
    };
    const row = await db.prisma.workflowExecution.create({
      data: {
        workflowId: workflow.id,
        installationId: installation,
        repositoryId: repository,
        issueNumber,
        deliveryId,
        trigger,
      },
    });
    return row.id;
  }

  return {
    db,
    add,
    row: (id: string) => db.prisma.workflowExecution.findUniqueOrThrow({ where: { id } }),
    async claim(id: string): Promise<Claim> {
      const claim = await claimDue(db.pool, { id });
      if (!claim) throw new Error("Expected a claim");
      return claim;
    },
    /** Lets the lease run out, as when the worker is gone. */
    expire: (id: string) =>
      db.pool.query(
        "UPDATE workflow_executions SET lease_until = now() - interval '1 second' WHERE id = $1",
        [id],
      ),
    async close() {
      await db.close();
      await database.drop();
    },
  };
}
