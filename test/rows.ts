// Rows for tests that begin in the middle of the road.
import type { Database } from "../shared/db.ts";
import type { Trigger } from "../shared/trigger.ts";

type Execution = NonNullable<Parameters<Database["prisma"]["workflowExecution"]["create"]>[0]>["data"];

let count = 0;

/** A trigger of the repository 5, on an issue of its own. */
export function triggerFor(delivery: string, issue: number): Trigger {
  return {
    kind: "label",
    delivery,
    installation: 1,
    sender: { id: 7, login: "pat" },
    repository: { id: 5, owner: "acme", name: "sample", defaultBranch: "main" },
    issue: { number: issue, title: "A bug" },
    instructions: "",
  };
}

/** Adds an execution in the repository 5, with an issue of its own unless one is given. */
export async function addExecution(
  { prisma }: Database,
  more: Partial<Pick<Execution, "status" | "dueAt" | "issueNumber" | "depth" | "error">> = {},
  source = "name: w\non: {}\nsteps: [{ id: x, name: Do it, tool: a.b }]\n",
) {
  count += 1;
  const version = `v${count}`;
  const deliveryId = `row-${count}`;
  const issueNumber = more.issueNumber ?? 1000 + count;
  const workflow = await prisma.workflow.create({ data: { name: "w", version, source } });
  const repository = { id: 5, installationId: 1, owner: "acme", name: "sample", defaultBranch: "main" };
  await prisma.repository.createMany({ data: [repository], skipDuplicates: true });
  return prisma.workflowExecution.create({
    data: {
      workflowId: workflow.id,
      installationId: 1,
      repositoryId: 5,
      deliveryId,
      trigger: triggerFor(deliveryId, issueNumber),
      ...more,
      issueNumber,
    },
  });
}
