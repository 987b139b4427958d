// Rows for tests that look at executions without running them.
import { randomUUID } from "node:crypto";
import type { Prisma } from "../prisma/generated/client.ts";
import type { Database } from "../shared/db.ts";
import type { Trigger } from "../shared/trigger.ts";

type ExecutionData = Omit<Partial<Prisma.WorkflowExecutionUncheckedCreateInput>, "trigger">;

/** Two steps that are made, an agent between them, and one that people have to agree with. */
export const seededDefinition = `name: seeded
on: { label: afu9 }
steps:
  - { id: issue, name: Read the issue, tool: github.getIssue }
  - { id: plan, name: Plan the change, agent: plan, until: workspace.verify }
  - { id: approval, name: Ask, approve: { what: the plan } }
  - { id: branch, name: Create the branch, tool: github.createBranch }
`;

let issues = 0;

/** Makes an execution on a new issue of acme/sample. */
export async function seedExecution({ prisma }: Database, data: ExecutionData = {}): Promise<string> {
  const repository = { installationId: 1, owner: "acme", name: "sample", defaultBranch: "main" };
  await prisma.repository.createMany({ data: [{ id: 1, ...repository }], skipDuplicates: true });
  const key = { origin: "afu9", name: "seeded", version: "1" };
  await prisma.workflow.createMany({ data: [{ ...key, source: seededDefinition }], skipDuplicates: true });
  const workflow = await prisma.workflow.findUniqueOrThrow({ where: { origin_name_version: key } });

  issues += 1;
  const deliveryId = randomUUID();
  const trigger: Trigger = {
    kind: "label",
    delivery: deliveryId,
    installation: 1,
    sender: { id: 1, login: "pat" },
    repository: { id: 1, owner: "acme", name: "sample", defaultBranch: "main" },
    issue: { number: issues, title: "A bug" },
    instructions: "",
  };
  const row = {
    workflowId: workflow.id,
    repositoryId: 1,
    installationId: 1,
    issueNumber: issues,
    deliveryId,
  };
  return (await prisma.workflowExecution.create({ data: { ...row, trigger, ...data } })).id;
}

type StepData = Partial<Prisma.WorkflowStepUncheckedCreateInput> & { stepId: string; position: number };

/** Writes an attempt at a step. It succeeded, unless it is said otherwise. */
export async function seedStep({ prisma }: Database, executionId: string, data: StepData): Promise<void> {
  const { createdAt } = await prisma.workflowExecution.findUniqueOrThrow({ where: { id: executionId } });
  const executionMonth = new Date(Date.UTC(createdAt.getUTCFullYear(), createdAt.getUTCMonth(), 1));
  await prisma.workflowStep.create({
    data: { executionMonth, executionId, attempt: 1, status: "succeeded", ...data },
  });
}
