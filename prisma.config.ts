import { defineConfig } from "prisma/config";

// `prisma generate` wants to download a schema engine that it never runs. Naming any executable keeps it offline.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({ schema: "prisma/schema.prisma" });
