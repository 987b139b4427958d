-- AlterTable
ALTER TABLE "workflow_executions" ADD COLUMN     "slot" TEXT NOT NULL DEFAULT 'change';

-- What only reads may run beside what changes something: each has a slot of its own.
DROP INDEX "workflow_executions_one_active_per_issue";
CREATE UNIQUE INDEX "workflow_executions_one_active_per_issue"
    ON "workflow_executions"("repository_id", "issue_number", "slot") WHERE "status" NOT IN ('succeeded', 'failed', 'cancelled');
