-- AlterTable
ALTER TABLE "execution_controls" ADD COLUMN     "needs" TEXT,
ADD COLUMN     "refusal" TEXT,
ADD COLUMN     "requester_id" BIGINT,
ADD COLUMN     "taken_up_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "issue_holds" (
    "repository_id" BIGINT NOT NULL,
    "issue_number" INTEGER NOT NULL,
    "is_held" BOOLEAN NOT NULL,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "issue_holds_pkey" PRIMARY KEY ("repository_id","issue_number")
);

-- CreateIndex
CREATE INDEX "issue_holds_changed_at_idx" ON "issue_holds"("changed_at");
