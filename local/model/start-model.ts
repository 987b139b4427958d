import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import type { Logger } from "../../shared/logger.ts";
import { createModelServer } from "./model-server.ts";
import { readScript } from "./script.ts";

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
  const replies = await readScript(script);
  const server = createAdaptorServer({ fetch: createModelServer({ replies, script, log }).fetch });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  log.info({ url, replies: replies.length }, "listening");

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
