-- CreateTable
CREATE TABLE "github_waits" (
    "installation_id" BIGINT NOT NULL,
    "resource" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "github_waits_pkey" PRIMARY KEY ("installation_id","resource")
);

-- CreateTable
CREATE TABLE "github_content" (
    "installation_id" BIGINT NOT NULL,
    "slot" TIMESTAMPTZ(3) NOT NULL,
    "count" INTEGER NOT NULL,

    CONSTRAINT "github_content_pkey" PRIMARY KEY ("installation_id","slot")
);
