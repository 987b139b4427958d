import type { Database } from "../shared/db.ts";
import type { Queues } from "../shared/queue.ts";
import { slotOf } from "../shared/reading-tools.ts";
import { builtIn } from "../shared/repository-tools.ts";
import type { Trigger } from "../shared/trigger.ts";
import type { Workflow, WorkflowFile } from "../shared/workflow.ts";
import { type Rates, requireMayStart, senderOf } from "./policy/may-start.ts";

/** A workflow's definition, and the row that holds this version of it. */
export type SavedWorkflow = { id: string; definition: Workflow };

/** What became of a wish to start: `already` names the execution that has the issue's slot now. */
export type Start = { started: string } | { already: string };

/** Stores each version once. Executions keep the version that they began with. */
export async function saveWorkflows(
  db: Database,
  files: WorkflowFile[],
  origin = builtIn,
): Promise<SavedWorkflow[]> {
  return Promise.all(
    files.map(async ({ definition, source, version }) => {
      const key = { origin, name: definition.name, version };
      // An upsert that updates nothing fails when two processes start at the same time.
      await db.prisma.workflow.createMany({ data: [{ ...key, source }], skipDuplicates: true });
      const { id } = await db.prisma.workflow.findUniqueOrThrow({ where: { origin_name_version: key } });
      return { id, definition };
    }),
  );
}

/**
 * Writes the execution's row, then nudges a worker. One delivery and one comment start one execution at most, and an issue has
 * one active execution at most that changes something, and one of each workflow that only reads: the database refuses a second.
 * Throws a `Refusal` when the sender, or the repository, has started as many in an hour as the operator allows, and when the issue
 * was put on hold since.
 */
export async function startExecution(
  workflow: SavedWorkflow,
  trigger: Trigger,
  deps: { db: Database; queues: Queues; policy: Rates },
): Promise<Start> {
  const { prisma } = deps.db;
  const { repository, issue, installation } = trigger;
  const slot = slotOf(workflow.definition);
  const known = {
    installationId: installation,
    owner: repository.owner,
    name: repository.name,
    defaultBranch: repository.defaultBranch,
    // Who asked was looked up there just now.
    state: "active" as const,
  };
  await prisma.repository.upsert({
    where: { id: repository.id },
    create: { id: repository.id, ...known },
    update: known,
  });

  const [row] = await prisma.$transaction(async (transaction) => {
    await requireMayStart(transaction, trigger, deps.policy);
    return transaction.workflowExecution.createManyAndReturn({
      data: [
        {
          workflowId: workflow.id,
          installationId: installation,
          repositoryId: repository.id,
          issueNumber: issue.number,
          slot,
          deliveryId: trigger.delivery,
          commandCommentId: trigger.comment,
          senderId: senderOf(trigger),
          depth: trigger.depth,
          trigger,
        },
      ],
      skipDuplicates: true,
      select: { id: true },
    });
  });
  if (row) {
    await deps.queues.nudge("executions", row.id);
    return { started: row.id };
  }
  const same = await prisma.workflowExecution.findFirst({
    where: { OR: [{ deliveryId: trigger.delivery }, { commandCommentId: trigger.comment ?? -1 }] },
  });
  if (same) return { started: same.id };
  const other = await prisma.workflowExecution.findFirstOrThrow({
    where: { repositoryId: repository.id, issueNumber: issue.number, slot },
    orderBy: [{ finishedAt: { sort: "desc", nulls: "first" } }, { createdAt: "desc" }],
  });
  return { already: other.id };
}
