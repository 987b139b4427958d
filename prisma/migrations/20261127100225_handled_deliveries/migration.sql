-- AlterTable
ALTER TABLE "webhook_deliveries" ADD COLUMN     "repository_id" BIGINT;

-- AlterTable
ALTER TABLE "workflow_executions" ALTER COLUMN "created_at" SET DEFAULT clock_timestamp(),
ALTER COLUMN "due_at" SET DEFAULT clock_timestamp();

-- CreateIndex
CREATE INDEX "webhook_deliveries_repository_id_event_received_at_idx" ON "webhook_deliveries"("repository_id", "event", "received_at");
