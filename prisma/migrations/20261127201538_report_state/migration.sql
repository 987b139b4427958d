-- AlterTable
ALTER TABLE "workflow_executions" ADD COLUMN     "check_run_key" TEXT,
ADD COLUMN     "check_run_sha" TEXT,
ADD COLUMN     "comment_key" TEXT,
ADD COLUMN     "is_annotated" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "is_reporting" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "state_label" TEXT;
