import { glob, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { agentNames } from "../shared/agent-names.ts";
import { ownTools } from "../shared/own-tools.ts";
import type { Known } from "./check-workflow.ts";

const Tools = z.array(z.looseObject({ name: z.string() }));

/** The tools that the MCP servers publish in their `tools.json`, and the agents in `agents/`. */
export async function readKnownNames(root: string): Promise<Known> {
  const tools: string[] = [...ownTools];
  for await (const file of glob("mcp-servers/*/tools.json", { cwd: root })) {
    const published = Tools.parse(JSON.parse(await readFile(join(root, file), "utf8")));
    tools.push(...published.map(({ name }) => `${basename(dirname(file))}.${name}`));
  }
  return { tools: tools.sort(), agents: await agentNames(join(root, "agents")) };
}
