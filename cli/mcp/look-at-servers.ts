import type { Database } from "../../shared/db.ts";
import { messageOf } from "../../shared/errors.ts";
import { checkHealth } from "../../worker/tools/health.ts";
import { allowedOf, changesOf, digestOf } from "../../worker/tools/pin.ts";
import { openRegistry, type RegisteredServer } from "../../worker/tools/registry.ts";
import { readOfferedTools } from "./offered-tools.ts";

export type SeenServer = Pick<RegisteredServer, "name" | "endpoint" | "enabled" | "isThirdParty"> & {
  /** What is wrong with it; null when it is well. */
  problem: string | null;
  tools: string[];
};

/** Asks every registered server how it is and what it offers. */
export async function lookAtServers(db: Database, root: string): Promise<SeenServer[]> {
  const servers = await openRegistry(db)();
  return Promise.all(servers.map((server) => look(server, root)));
}

async function look(server: RegisteredServer, root: string): Promise<SeenServer> {
  const { name, endpoint, enabled, isThirdParty } = server;
  const seen = { name, endpoint, enabled, isThirdParty, problem: null, tools: [] };
  const ailment = isThirdParty ? undefined : await checkHealth(server);
  if (ailment) return { ...seen, problem: ailment };
  try {
    const offered = await readOfferedTools(server, root);
    const tools = isThirdParty ? allowedOf(server, offered) : offered;
    const isChanged = isThirdParty && digestOf(tools) !== server.toolsDigest;
    const changes = isChanged ? `${changesOf(server.acceptedTools, tools).join("; ")} (mcp accept)` : null;
    return { ...seen, problem: changes, tools: tools.map((tool) => tool.name) };
  } catch (error) {
    return { ...seen, problem: messageOf(error) };
  }
}
