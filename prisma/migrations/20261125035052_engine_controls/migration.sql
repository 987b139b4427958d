-- CreateEnum
CREATE TYPE "execution_wish" AS ENUM ('cancel', 'pause');

-- CreateEnum
CREATE TYPE "control_kind" AS ENUM ('cancel', 'pause', 'resume', 'steer', 'retry');

-- CreateEnum
CREATE TYPE "approval_decision" AS ENUM ('approved', 'rejected', 'expired', 'void');

-- AlterEnum
ALTER TYPE "execution_status" ADD VALUE 'paused';

-- AlterEnum
-- This migration adds more than one value to an enum.
-- With PostgreSQL versions 11 and earlier, this is not possible
-- in a single migration. This can be worked around by creating
-- multiple migrations, each migration adding only one value to
-- the enum.


ALTER TYPE "step_status" ADD VALUE 'pending';
ALTER TYPE "step_status" ADD VALUE 'waiting';
ALTER TYPE "step_status" ADD VALUE 'cancelled';

-- DropIndex
DROP INDEX "agent_runs_execution_id_step_id_key";

-- DropIndex
DROP INDEX "approvals_execution_id_step_id_content_hash_key";

-- DropIndex
DROP INDEX "workflows_name_version_key";

-- AlterTable
ALTER TABLE "agent_runs" ADD COLUMN     "active_ms" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "system_prompt" TEXT,
ADD COLUMN     "tools" JSONB;

-- AlterTable
ALTER TABLE "approvals" ADD COLUMN     "content" JSONB NOT NULL,
ADD COLUMN     "decider" TEXT,
ADD COLUMN     "environment" TEXT,
ADD COLUMN     "expires_at" TIMESTAMPTZ(3) NOT NULL,
ADD COLUMN     "reason" TEXT,
ADD COLUMN     "remind_at" TIMESTAMPTZ(3),
ADD COLUMN     "reminded_at" TIMESTAMPTZ(3),
ADD COLUMN     "round" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "rules" JSONB NOT NULL,
ALTER COLUMN "base_sha" DROP NOT NULL,
DROP COLUMN "decision",
ADD COLUMN     "decision" "approval_decision";

-- AlterTable
ALTER TABLE "workflow_executions" ADD COLUMN     "command_comment_id" BIGINT,
ADD COLUMN     "depth" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "due_at" TIMESTAMPTZ(3) DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "faults" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "installation_id" BIGINT,
ADD COLUMN     "round" INTEGER NOT NULL DEFAULT 1,
ADD COLUMN     "wish" "execution_wish";

-- What has ended is not due, and the installation is the repository's.
UPDATE "workflow_executions" e
   SET "installation_id" = r."installation_id", "due_at" = CASE WHEN e."finished_at" IS NULL THEN e."created_at" END
  FROM "repositories" r WHERE r."id" = e."repository_id";
ALTER TABLE "workflow_executions" ALTER COLUMN "installation_id" SET NOT NULL;

-- AlterTable
ALTER TABLE "workflow_steps" ADD COLUMN     "retry_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "workflows" ADD COLUMN     "origin" TEXT NOT NULL DEFAULT 'afu9';

-- CreateTable
CREATE TABLE "execution_controls" (
    "id" UUID NOT NULL,
    "execution_id" UUID NOT NULL,
    "kind" "control_kind" NOT NULL,
    "text" TEXT NOT NULL DEFAULT '',
    "requested_by" TEXT NOT NULL,
    "delivery_id" TEXT,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "obeyed_at" TIMESTAMPTZ(3),

    CONSTRAINT "execution_controls_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "waits" (
    "execution_id" UUID NOT NULL,
    "step_id" TEXT NOT NULL,
    "round" INTEGER NOT NULL,
    "repository_id" BIGINT NOT NULL,
    "event" TEXT,
    "match" JSONB,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "delivery_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "waits_pkey" PRIMARY KEY ("execution_id","step_id","round")
);

-- CreateTable
CREATE TABLE "artifacts" (
    "execution_id" UUID NOT NULL,
    "sha256" TEXT NOT NULL,
    "content" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "artifacts_pkey" PRIMARY KEY ("execution_id","sha256")
);

-- CreateIndex
CREATE UNIQUE INDEX "execution_controls_delivery_id_key" ON "execution_controls"("delivery_id");

-- CreateIndex
CREATE INDEX "execution_controls_execution_id_requested_at_idx" ON "execution_controls"("execution_id", "requested_at");

-- CreateIndex
CREATE INDEX "waits_repository_id_event_idx" ON "waits"("repository_id", "event");

-- CreateIndex
CREATE UNIQUE INDEX "agent_runs_execution_id_step_id_round_key" ON "agent_runs"("execution_id", "step_id", "round");

-- CreateIndex
CREATE UNIQUE INDEX "approvals_execution_id_step_id_round_content_hash_key" ON "approvals"("execution_id", "step_id", "round", "content_hash");

-- CreateIndex
CREATE UNIQUE INDEX "workflow_executions_command_comment_id_key" ON "workflow_executions"("command_comment_id");

-- CreateIndex
CREATE INDEX "workflow_executions_due_at_idx" ON "workflow_executions"("due_at");

-- CreateIndex
CREATE UNIQUE INDEX "workflows_origin_name_version_key" ON "workflows"("origin", "name", "version");

-- AddForeignKey
ALTER TABLE "execution_controls" ADD CONSTRAINT "execution_controls_execution_id_fkey" FOREIGN KEY ("execution_id") REFERENCES "workflow_executions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "waits" ADD CONSTRAINT "waits_execution_id_fkey" FOREIGN KEY ("execution_id") REFERENCES "workflow_executions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "artifacts" ADD CONSTRAINT "artifacts_execution_id_fkey" FOREIGN KEY ("execution_id") REFERENCES "workflow_executions"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- A paused execution is active too. (The new value can't be named in the transaction that adds it.)
DROP INDEX "workflow_executions_one_active_per_issue";
CREATE UNIQUE INDEX "workflow_executions_one_active_per_issue"
    ON "workflow_executions"("repository_id", "issue_number") WHERE "status" NOT IN ('succeeded', 'failed', 'cancelled');
