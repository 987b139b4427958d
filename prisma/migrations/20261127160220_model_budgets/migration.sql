-- CreateEnum
CREATE TYPE "budget_scope" AS ENUM ('execution', 'issue', 'repository', 'installation');

-- AlterEnum
ALTER TYPE "control_kind" ADD VALUE 'budget';

-- CreateTable
CREATE TABLE "budget_accounts" (
    "id" UUID NOT NULL,
    "scope" "budget_scope" NOT NULL,
    "owner" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "spent_usd" DECIMAL(16,6) NOT NULL DEFAULT 0,
    "reserved_usd" DECIMAL(16,6) NOT NULL DEFAULT 0,
    "limit_usd" DECIMAL(16,6) NOT NULL,
    "raised_usd" DECIMAL(16,6) NOT NULL DEFAULT 0,
    "spent_tokens" BIGINT NOT NULL DEFAULT 0,
    "reserved_tokens" BIGINT NOT NULL DEFAULT 0,
    "limit_tokens" BIGINT NOT NULL,
    "warned_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "budget_accounts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "budget_reservations" (
    "id" UUID NOT NULL,
    "execution_id" UUID NOT NULL,
    "fence" BIGINT NOT NULL,
    "accounts" UUID[],
    "usd" DECIMAL(16,6) NOT NULL,
    "tokens" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "budget_reservations_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "budget_accounts_scope_owner_period_key" ON "budget_accounts"("scope", "owner", "period");

-- CreateIndex
CREATE INDEX "budget_reservations_execution_id_idx" ON "budget_reservations"("execution_id");

-- AddForeignKey
ALTER TABLE "budget_reservations" ADD CONSTRAINT "budget_reservations_execution_id_fkey" FOREIGN KEY ("execution_id") REFERENCES "workflow_executions"("id") ON DELETE CASCADE ON UPDATE CASCADE;


-- What the command line sums up by day and month.
CREATE INDEX "budget_accounts_period_idx" ON "budget_accounts"("period") WHERE "period" <> '';

-- What was spent before counts. The limits are the defaults until a worker spends again.
INSERT INTO "budget_accounts" ("id", "scope", "owner", "period", "spent_usd", "spent_tokens", "limit_usd", "limit_tokens")
SELECT gen_random_uuid(), key."scope", key."owner", key."period", sum(r."cost_usd"),
       sum(r."input_tokens"::bigint + r."output_tokens" + r."cache_read_tokens" + r."cache_write_tokens"), max(key."usd"), max(key."tokens")
  FROM "agent_runs" r JOIN "workflow_executions" e ON e."id" = r."execution_id"
 CROSS JOIN LATERAL (VALUES
   ('execution'::"budget_scope", e."id"::text, '', 5, 20000000),
   ('issue', e."repository_id" || '#' || e."issue_number", '', 20, 80000000),
   ('repository', e."repository_id"::text, to_char(r."started_at" AT TIME ZONE 'UTC', 'YYYY-MM-DD'), 50, 200000000),
   ('installation', e."installation_id"::text, to_char(r."started_at" AT TIME ZONE 'UTC', 'YYYY-MM'), 500, 2000000000)
 ) AS key("scope", "owner", "period", "usd", "tokens")
 GROUP BY key."scope", key."owner", key."period";
