-- CreateTable
CREATE TABLE "setups" (
    "id" UUID NOT NULL,
    "link_hash" TEXT,
    "browser_hash" TEXT,
    "state_hash" TEXT,
    "state_until" TIMESTAMPTZ(3),
    "public_url" TEXT,
    "opened_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "open_until" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "setups_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "heartbeats" (
    "service" TEXT NOT NULL,
    "instance" TEXT NOT NULL,
    "facts" JSONB NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "beat_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "heartbeats_pkey" PRIMARY KEY ("service","instance")
);

-- CreateIndex
CREATE UNIQUE INDEX "setups_link_hash_key" ON "setups"("link_hash");

-- CreateIndex
CREATE UNIQUE INDEX "setups_browser_hash_key" ON "setups"("browser_hash");
