-- AlterTable
ALTER TABLE "workflow_executions" ADD COLUMN     "sender_id" BIGINT;

-- CreateTable
CREATE TABLE "trigger_decisions" (
    "delivery_id" TEXT NOT NULL,
    "repository_id" BIGINT NOT NULL,
    "issue_number" INTEGER NOT NULL,
    "actor" TEXT NOT NULL,
    "wish" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "trigger_decisions_pkey" PRIMARY KEY ("delivery_id")
);

-- CreateIndex
CREATE INDEX "trigger_decisions_repository_id_issue_number_created_at_idx" ON "trigger_decisions"("repository_id", "issue_number", "created_at");

-- CreateIndex
CREATE INDEX "trigger_decisions_created_at_idx" ON "trigger_decisions"("created_at");

-- CreateIndex
CREATE INDEX "workflow_executions_repository_id_created_at_idx" ON "workflow_executions"("repository_id", "created_at");

-- CreateIndex
CREATE INDEX "workflow_executions_sender_id_created_at_idx" ON "workflow_executions"("sender_id", "created_at");
