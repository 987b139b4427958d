import type { Database } from "../../shared/db.ts";
import { Refusal } from "../../shared/errors.ts";
import { openRegistry, type RegisteredServer } from "../../worker/tools/registry.ts";

/** Throws, with the names that there are, when none is called so. */
export async function findServer(db: Database, name: string): Promise<RegisteredServer> {
  const servers = await openRegistry(db)();
  const server = servers.find((one) => one.name === name);
  if (server) return server;
  const names = servers.map((one) => one.name).join(", ") || "none";
  throw new Refusal(`There is no MCP server called ${name}. There are: ${names}.`);
}
