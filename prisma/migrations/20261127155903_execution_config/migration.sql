-- AlterTable
ALTER TABLE "workflow_executions" ADD COLUMN     "config" JSONB;
