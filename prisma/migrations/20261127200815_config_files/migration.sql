-- AlterTable
ALTER TABLE "workflow_executions" ADD COLUMN     "config_notice" TEXT;

-- CreateTable
CREATE TABLE "config_files" (
    "source" TEXT NOT NULL,
    "text" TEXT,
    "sha" TEXT,
    "commit" TEXT,
    "broken_sha" TEXT,
    "broken_faults" JSONB,
    "etag" TEXT,
    "checked_at" TIMESTAMPTZ(3),

    CONSTRAINT "config_files_pkey" PRIMARY KEY ("source")
);
