-- AlterTable
ALTER TABLE "repositories" ADD COLUMN     "label_nodes" JSONB;

-- AlterTable
ALTER TABLE "workflow_executions" ADD COLUMN     "check_run_node" TEXT,
ADD COLUMN     "comment_node" TEXT;
