import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Logger } from "../../shared/logger.ts";
import { loadAgents } from "../../worker/agent/agent-definition.ts";
import { byAgent, byCase, type Choose, inOrder } from "./choose.ts";
import { createModelServer } from "./model-server.ts";
import { obeying } from "./obedient/obey.ts";
import { readScript } from "./read-script.ts";
import type { Entry, Script } from "./script.ts";

export type RunningModel = {
  /** What `ANTHROPIC_BASE_URL` has to be; `OPENAI_BASE_URL` has `/v1` behind it. */
  url: string;
  close(): Promise<void>;
};

/**
 * Serves the script's replies on a port of this machine; 0 takes a free one. What it is asked is appended to the file
 * `record`, a line for each request.
 */
export async function startModel(options: {
  script: string;
  port: number;
  record?: string;
  log: Logger;
}): Promise<RunningModel> {
  const { script, port, record, log } = options;
  const choose = await chooserFor(await readScript(script), script);
  const server = createModelServer({ choose, record, log });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  log.info({ url }, "listening");

  return {
    url,
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function chooserFor(script: Script, file: string): Promise<Choose> {
  if (Array.isArray(script)) return inOrder(script, file);
  if ("cases" in script) return byCase(script.cases, file);
  if ("obedient" in script) return obeying(script.obedient);
  return chooseByAgent(script.agents, file);
}

async function chooseByAgent(scripts: Record<string, Entry[]>, script: string): Promise<Choose> {
  const known = await loadAgents(join(import.meta.dirname, "../../agents"));
  const agents = Object.entries(scripts).map(([name, entries]) => {
    const agent = known.get(name);
    if (agent) return { name, prompt: agent.prompt, entries };
    throw new Error(
      `The script ${script} names the agent ${name}. Expected one of ${[...known.keys()].join(", ")}.`,
    );
  });
  return byAgent(agents, script);
}
