// Toolboxes as a worker makes them, on servers that a test names, with the audit in memory.
import { createLogger } from "../shared/logger.ts";
import { createRedact } from "../shared/redact.ts";
import type { AuditedCall } from "../worker/tools/audit.ts";
import type { McpServerOptions } from "../worker/tools/mcp-server.ts";
import { createMcpServers } from "../worker/tools/mcp-servers.ts";
import type { RegisteredServer } from "../worker/tools/registry.ts";
import { createToolboxes } from "../worker/tools/toolbox.ts";
import { triggerFor } from "./rows.ts";
import { capability, secret } from "./start-test-server.ts";

/** A row of the registry. */
export function registered(
  name: string,
  endpoint: string,
  more: Partial<RegisteredServer> = {},
): RegisteredServer {
  const own = { isThirdParty: false, allowedTools: [], headers: {}, acceptedTools: [], toolsDigest: null };
  return { name, endpoint, timeoutMs: 5_000, retries: 0, enabled: true, ...own, ...more };
}

export function openToolboxes(
  servers: RegisteredServer[],
  { known, ...options }: Partial<McpServerOptions> & { known?: string[] } = {},
) {
  const audited: AuditedCall[] = [];
  const minted: string[] = [];
  const mcp = createMcpServers({ log: createLogger("test", "silent"), headerValues: {}, ...options });
  const trigger = triggerFor("d-1", 1);
  const { owner, repo } = capability.repository;
  const open = createToolboxes({
    execution: { id: "1", trigger: { ...trigger, repository: { ...trigger.repository, owner, name: repo } } },
    registry: async () => servers,
    mcp,
    secret,
    redact: createRedact(known),
    audit: { record: async (call) => void audited.push(call) },
    async mintReadToken() {
      minted.push("a-token");
      return "a-token";
    },
  });
  return {
    audited,
    minted,
    box: (...tools: string[]) => open({ stepId: "step", tools }),
    /** Calls a tool from a toolbox of its own, as a step does. */
    async call(tool: string, input: Record<string, unknown> = {}, signal = new AbortController().signal) {
      return (await open({ stepId: "step", tools: [tool] })).call({ tool, input, signal });
    },
    close: mcp.close,
  };
}
