import { command } from "../command.ts";
import { findServer } from "../mcp/find-server.ts";

export const disableMcpServer = switching({
  verb: "disable",
  summary: "Switch an MCP server off: steps that use it fail.",
  enabled: false,
});
export const enableMcpServer = switching({
  verb: "enable",
  summary: "Switch an MCP server on again.",
  enabled: true,
});

function switching({ verb, summary, enabled }: { verb: string; summary: string; enabled: boolean }) {
  return command({
    usage: `mcp ${verb} <name>`,
    summary,
    details: "Running workers know of it at their next step.",
    async run({ args: [name = ""], deps, out }) {
      const db = await deps.db();
      await findServer(db, name);
      await db.prisma.mcpServer.update({ where: { name }, data: { enabled } });
      out.say({ json: { name, enabled }, text: `${name} is switched ${enabled ? "on" : "off"}.` });
      return 0;
    },
  });
}
