import { rm } from "node:fs/promises";

export default async function globalTeardown(): Promise<void> {
  const { stopTestPostgres } = globalThis as { stopTestPostgres?: () => Promise<void> };
  await stopTestPostgres?.();
  const compiled = process.env.NODE_COMPILE_CACHE;
  if (compiled) await rm(compiled, { recursive: true, force: true });
}
