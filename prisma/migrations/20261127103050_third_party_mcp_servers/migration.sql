-- AlterTable
ALTER TABLE "mcp_servers" ADD COLUMN     "accepted_tools" JSONB,
ADD COLUMN     "allowed_tools" TEXT[] DEFAULT ARRAY[]::TEXT[],
ADD COLUMN     "headers" JSONB NOT NULL DEFAULT '{}',
ADD COLUMN     "is_third_party" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "tools_digest" TEXT;
