import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { createAdaptorServer } from "@hono/node-server";
import type { Logger } from "../../shared/logger.ts";
import { loadAgents } from "../../worker/agent/agent-definition.ts";
import { createModelServer } from "./model-server.ts";
import { byAgent, type Choose, inOrder } from "./next-reply.ts";
import { type Reply, readScript } from "./script.ts";

export type RunningModel = {
  /** What `ANTHROPIC_BASE_URL` has to be. */
  url: string;
  close(): Promise<void>;
};

/** Serves the script's replies on a port of this machine; 0 takes a free one. */
export async function startModel(options: {
  script: string;
  port: number;
  log: Logger;
}): Promise<RunningModel> {
  const { script, port, log } = options;
  const read = await readScript(script);
  const choose = Array.isArray(read) ? inOrder(read, script) : await chooseByAgent(read.agents, script);
  const server = createAdaptorServer({ fetch: createModelServer({ choose, log }).fetch });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  log.info({ url }, "listening");

  return {
    url,
    async close() {
      const closed = once(server, "close");
      server.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
    },
  };
}

async function chooseByAgent(scripts: Record<string, Reply[]>, script: string): Promise<Choose> {
  const known = await loadAgents(join(import.meta.dirname, "../../agents"));
  const agents = Object.entries(scripts).map(([name, replies]) => {
    const agent = known.get(name);
    if (agent) return { name, prompt: agent.prompt, replies };
    throw new Error(
      `The script ${script} names the agent ${name}. Expected one of ${[...known.keys()].join(", ")}.`,
    );
  });
  return byAgent(agents, script);
}
