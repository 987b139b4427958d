import { rm } from "node:fs/promises";
import { sourceVariable } from "../local/github/testing/source-repository.ts";

export default async function globalTeardown(): Promise<void> {
  const { stopTestPostgres } = globalThis as { stopTestPostgres?: () => Promise<void> };
  await stopTestPostgres?.();
  for (const folder of [process.env.NODE_COMPILE_CACHE, process.env[sourceVariable]])
    if (folder) await rm(folder, { recursive: true, force: true });
}
