import { Refusal } from "../../shared/errors.ts";
import { allowedOf, changesOf } from "../../worker/tools/pin.ts";
import { openRegistry } from "../../worker/tools/registry.ts";
import { command } from "../command.ts";
import { acceptTools, describeTools } from "../mcp/accept-tools.ts";
import { readOfferedTools } from "../mcp/offered-tools.ts";

export const acceptMcpTools = command({
  usage: "mcp accept <name>",
  summary: "Accept what a third party's MCP server says of its tools now.",
  details: "It shows what has changed since they were accepted last. Read it: a model will.",
  async run({ args: [name = ""], deps, out }) {
    const db = await deps.db();
    const server = (await openRegistry(db)()).find((one) => one.name === name);
    if (!server?.isThirdParty) throw new Refusal(`There is no MCP server of a third party called ${name}.`);
    const offered = await readOfferedTools(server, deps.root);
    const changes = changesOf(server.acceptedTools, allowedOf(server, offered));
    const { tools, digest } = await acceptTools(db, server, offered);
    const changed = tools.filter((tool) => changes.some((change) => change.startsWith(`\`${tool.name}\``)));
    const text = [describeTools(changed), ...changes, `Accepted ${tools.length} tools of ${name}.`];
    out.say({
      json: { name, changes, digest },
      text: changes.length ? text.join("\n") : `Nothing has changed: ${name} is accepted as it is.`,
    });
    return 0;
  },
});
