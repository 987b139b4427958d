// The MCP server `observability` in front of a local AWS, with a real client that holds a capability for `octo/shop`.

import { PassThrough } from "node:stream";
import { pino } from "pino";
import { startAws } from "../local/aws/start-aws.ts";
import { localKey } from "../local/aws/world.ts";
import { createClients } from "../mcp-servers/observability/clients.ts";
import type { ObservabilityDeps } from "../mcp-servers/observability/observability-tool.ts";
import { observabilityTools } from "../mcp-servers/observability/tools.ts";
import { serve } from "../mcp-servers/serve.ts";
import { type Capability, signCapability } from "../shared/capability.ts";
import { createLogger } from "../shared/logger.ts";
import { connectMcp } from "./connect-mcp.ts";
import { targets } from "./deploy-targets.ts";

const secret = "a secret for tests only";
const capability: Capability = {
  execution: "execution-1",
  repository: { owner: "octo", repo: "shop" },
  installation: 1,
  tools: observabilityTools.map(({ name }) => `observability.${name}`),
};

export async function openObservabilityServer(changed: Partial<ObservabilityDeps> = {}) {
  const aws = await startAws({ port: 0, log: createLogger("test", "silent") });
  const clients = createClients({
    endpoint: aws.url,
    region: "eu-central-1",
    credentials: localKey,
    maxAttempts: 1,
  });
  const log: string[] = [];
  const server = await serve({
    name: "observability",
    tools: observabilityTools,
    deps: {
      ...clients,
      targets,
      following: { every: 10, atMost: 60_000 },
      ...changed,
    },
    port: 0,
    host: "127.0.0.1",
    secrets: [secret],
    log: pino(
      { level: "debug", messageKey: "message", errorKey: "error" },
      new PassThrough().on("data", (line) => log.push(String(line))),
    ),
  });
  const token = (different: Partial<Capability> = {}) =>
    signCapability({ ...capability, ...different }, secret, 60);
  const connect = async (different?: Partial<Capability>) => connectMcp(server.url, await token(different));
  const caller = await connect();

  return {
    aws: aws.controls,
    url: server.url,
    token,
    connect,
    client: caller.client,
    call: caller.call,
    refused: caller.refused,
    /** What the server logged, line by line. */
    log,
    /** The operations that AWS was asked for since the last look. */
    asked: () => aws.controls.world.takeRequests().map(({ operation }) => operation),
    async close() {
      await caller.close();
      await server.close();
      for (const client of Object.values(clients)) client.destroy();
      await aws.close();
    },
  };
}

export type ObservabilityServer = Awaited<ReturnType<typeof openObservabilityServer>>;
