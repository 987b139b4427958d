import type { Tool } from "@modelcontextprotocol/client";
import type { Prisma } from "../../prisma/generated/client.ts";
import type { Database } from "../../shared/db.ts";
import { Refusal } from "../../shared/errors.ts";
import { plainText } from "../../shared/terminal-text.ts";
import { storable } from "../../worker/engine/storable.ts";
import { allowedOf, digestOf } from "../../worker/tools/pin.ts";
import type { RegisteredServer } from "../../worker/tools/registry.ts";

export type Accepted = { tools: Tool[]; digest: string };

/** Writes down a third party's server, and that its tools are accepted as it offers them. */
export async function acceptTools(
  db: Database,
  server: RegisteredServer,
  offered: Tool[],
): Promise<Accepted> {
  const tools = allowedOf(server, offered);
  const missing = server.allowedTools.filter((name) => !tools.some((tool) => tool.name === name));
  if (missing.length > 0)
    throw new Refusal(
      `${server.name} does not offer ${missing.join(", ")}. It offers ${offered.map(({ name }) => name).join(", ") || "nothing"}.`,
    );
  const digest = digestOf(tools);
  const acceptedTools: Prisma.InputJsonArray = JSON.parse(storable(tools) ?? "[]");
  const row = { ...server, acceptedTools, toolsDigest: digest };
  await db.prisma.mcpServer.upsert({ where: { name: server.name }, create: row, update: row });
  return { tools, digest };
}

/** What tools say of themselves, for a person who decides whether to accept it. */
export function describeTools(tools: Tool[]): string {
  return tools
    .map(({ name, description = "", inputSchema }) =>
      plainText(`${name}: ${description}\n  ${JSON.stringify(inputSchema)}`),
    )
    .join("\n");
}
