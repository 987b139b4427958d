import { Refusal } from "../../shared/errors.ts";
import { command } from "../command.ts";
import { findServer } from "../mcp/find-server.ts";

export const removeMcpServer = command({
  usage: "mcp remove <name>",
  summary: "Forget an MCP server of a third party.",
  details: "Steps that name its tools fail from then on. What was called of it stays in the audit.",
  async run({ args: [name = ""], deps, out }) {
    const db = await deps.db();
    const { isThirdParty } = await findServer(db, name);
    if (!isThirdParty)
      throw new Refusal(
        `${name} is one of AFU-9's own servers, and a worker would register it again. \`mcp disable ${name}\` switches it off.`,
      );
    await db.prisma.mcpServer.deleteMany({ where: { name, isThirdParty: true } });
    out.say({ json: { name, removed: true }, text: `Removed ${name}.` });
    return 0;
  },
});
