// The MCP servers that a worker may call: rows, so that people can add, change and switch them off while workers run.
import type { Database } from "../../shared/db.ts";

export type RegisteredServer = {
  name: string;
  endpoint: string;
  /** The time that one call may take. */
  timeoutMs: number;
  /** How often a call that may be repeated is. */
  retries: number;
  enabled: boolean;
};

/** Gives every server, as it is now. */
export type Registry = () => Promise<RegisteredServer[]>;

/** The servers that come with AFU-9. */
export const ownServers = {
  github: { timeoutMs: 30_000, retries: 3 },
  deploy: { timeoutMs: 60_000, retries: 2 },
  observability: { timeoutMs: 10_000, retries: 3 },
  workspace: { timeoutMs: 45 * 60_000, retries: 0 },
};
export type OwnServer = keyof typeof ownServers;
export type Endpoints = Partial<Record<OwnServer, string>>;

/** Writes the endpoints from a worker's settings. One that has none is not used here, and stays as it is. */
export async function registerOwnServers(db: Database, endpoints: Endpoints): Promise<void> {
  for (const [name, defaults] of Object.entries(ownServers)) {
    const endpoint = endpoints[name as OwnServer];
    if (!endpoint) continue;
    await db.prisma.mcpServer.upsert({
      where: { name },
      create: { name, endpoint, ...defaults },
      update: { endpoint },
    });
  }
}

export function openRegistry({ prisma }: Database): Registry {
  return () => prisma.mcpServer.findMany({ orderBy: { name: "asc" } });
}
