// The MCP servers that a worker may call.
import type { Database } from "../../shared/db.ts";

export type RegisteredServer = { name: string; endpoint: string; timeoutMs: number };

/** The servers that come with AFU-9, with the time that one call may take. */
const defaults = {
  github: { timeoutMs: 30_000, retries: 3 },
  workspace: { timeoutMs: 45 * 60_000, retries: 0 },
};

/** Writes the endpoints from the worker's settings and gives every server that is switched on. */
export async function loadRegistry(
  db: Database,
  endpoints: Record<keyof typeof defaults, string>,
): Promise<RegisteredServer[]> {
  for (const [name, { timeoutMs, retries }] of Object.entries(defaults)) {
    const endpoint = endpoints[name as keyof typeof defaults];
    await db.prisma.mcpServer.upsert({
      where: { name },
      create: { name, endpoint, timeoutMs, retries },
      update: { endpoint },
    });
  }
  return db.prisma.mcpServer.findMany({ where: { enabled: true }, orderBy: { name: "asc" } });
}
