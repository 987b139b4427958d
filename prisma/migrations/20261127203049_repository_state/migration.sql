-- CreateEnum
CREATE TYPE "repository_state" AS ENUM ('active', 'removed', 'suspended', 'archived');

-- AlterTable
ALTER TABLE "repositories" ADD COLUMN     "labels_made_at" TIMESTAMPTZ(3),
ADD COLUMN     "state" "repository_state" NOT NULL DEFAULT 'active',
ALTER COLUMN "default_branch" DROP NOT NULL;
