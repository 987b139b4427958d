-- AlterTable
ALTER TABLE "workflow_executions" ADD COLUMN     "public_url" TEXT;
