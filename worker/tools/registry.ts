// The MCP servers that a worker may call: rows, so that people can add, change and switch them off while workers run.
import { z } from "zod";
import type { Database } from "../../shared/db.ts";

const RegisteredServer = z.object({
  name: z.string(),
  endpoint: z.string(),
  /** The time that one call may take. */
  timeoutMs: z.number(),
  /** How often a call that may be repeated is. */
  retries: z.number(),
  enabled: z.boolean(),
  /** It is not AFU-9's own: it gets no capability and no token, and only what was allowed and accepted is used of it. */
  isThirdParty: z.boolean(),
  /** Of a third party: the plain names of the tools that may be called. */
  allowedTools: z.array(z.string()),
  /** Of a third party: headers, each with the environment variable that holds its value. */
  headers: z.record(z.string(), z.string()),
  /** Of a third party: the definitions that a person accepted, and their digest. */
  acceptedTools: z
    .array(z.looseObject({ name: z.string() }))
    .nullable()
    .transform((tools) => tools ?? []),
  toolsDigest: z.string().nullable(),
});
export type RegisteredServer = z.infer<typeof RegisteredServer>;

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
      update: { endpoint, isThirdParty: false },
    });
  }
}

/** How old what a step gets may be. */
const maxAgeMs = 1_000;

export function openRegistry({ prisma }: Database): Registry {
  let known: Promise<RegisteredServer[]> | undefined;
  let readAt = 0;
  async function read(): Promise<RegisteredServer[]> {
    return z.array(RegisteredServer).parse(await prisma.mcpServer.findMany({ orderBy: { name: "asc" } }));
  }
  return async () => {
    if (known && performance.now() - readAt < maxAgeMs) return known;
    readAt = performance.now();
    known = read();
    // A read that failed is not kept.
    known.catch(() => {
      known = undefined;
    });
    return known;
  };
}
