import { messageOf } from "../../shared/errors.ts";
import { oneLine } from "../../shared/terminal-text.ts";
import { checkHealth } from "../../worker/tools/health.ts";
import { allowedOf, changesOf, digestOf } from "../../worker/tools/pin.ts";
import { openRegistry, type RegisteredServer } from "../../worker/tools/registry.ts";
import { command } from "../command.ts";
import { readOfferedTools } from "../mcp/offered-tools.ts";
import type { Output } from "../output.ts";
import { table } from "../wording.ts";

export const listMcpServers = command({
  usage: "mcp servers",
  summary: "Show the MCP servers: where they are, how they are, and their tools.",
  details: "The exit code is 1 when one that is switched on is not well.",
  async run({ deps, out }) {
    const servers = await openRegistry(await deps.db())();
    const seen = await Promise.all(servers.map((server) => look(server, deps.root)));
    out.say({ json: seen, text: seen.length ? asTable(seen, out) : "No worker has registered any yet." });
    return seen.some(({ enabled, problem }) => enabled && problem) ? 1 : 0;
  },
});

type Seen = Pick<RegisteredServer, "name" | "endpoint" | "enabled" | "isThirdParty"> & {
  /** What is wrong with it; null when it is well. */
  problem: string | null;
  tools: string[];
};

async function look(server: RegisteredServer, root: string): Promise<Seen> {
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

function asTable(servers: Seen[], { paint, columns }: Output): string {
  const rows = servers.map(({ name, endpoint, enabled, isThirdParty, problem, tools }) => [
    name,
    endpoint,
    `${enabled ? "on" : "off"}${isThirdParty ? ", third party" : ""}`,
    problem ? paint("red", oneLine(problem, Math.max(40, columns - 80))) : paint("green", "well"),
    String(tools.length),
  ]);
  return table(["NAME", "ENDPOINT", "USE", "HEALTH", "TOOLS"], rows);
}
