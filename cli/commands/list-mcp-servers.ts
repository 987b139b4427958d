import { oneLine } from "../../shared/terminal-text.ts";
import { command } from "../command.ts";
import { lookAtServers, type SeenServer } from "../mcp/look-at-servers.ts";
import type { Output } from "../output.ts";
import { table } from "../wording.ts";

export const listMcpServers = command({
  usage: "mcp servers",
  summary: "Show the MCP servers: where they are, how they are, and their tools.",
  details: "The exit code is 1 when one that is switched on is not well.",
  async run({ deps, out }) {
    const seen = await lookAtServers(await deps.db(), deps.root);
    out.say({ json: seen, text: seen.length ? asTable(seen, out) : "No worker has registered any yet." });
    return seen.some(({ enabled, problem }) => enabled && problem) ? 1 : 0;
  },
});

function asTable(servers: SeenServer[], { paint, columns }: Output): string {
  const rows = servers.map(({ name, endpoint, enabled, isThirdParty, problem, tools }) => [
    name,
    endpoint,
    `${enabled ? "on" : "off"}${isThirdParty ? ", third party" : ""}`,
    problem ? paint("red", oneLine(problem, Math.max(40, columns - 80))) : paint("green", "well"),
    String(tools.length),
  ]);
  return table(["NAME", "ENDPOINT", "USE", "HEALTH", "TOOLS"], rows);
}
