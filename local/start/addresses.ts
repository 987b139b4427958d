import type { Environment } from "../processes.ts";
import { deployUrl, observabilityUrl } from "./environment.ts";
import type { Address } from "./taken-port.ts";

/** Where the processes listen. The MCP servers do so where the worker looks for them. */
export function addresses(env: Environment) {
  const mcp = (variable: string, fallback: string, what: string): Address => {
    const { hostname: host, port } = new URL(env[variable] || fallback);
    return { host, port: Number(port || 80), variable, what };
  };
  const app: Address = {
    host: env.HOST || "127.0.0.1",
    port: Number(env.PORT || 3000),
    variable: "PORT",
    what: "the app",
  };
  const servers = [
    ["mcp-github", mcp("AFU9_MCP_GITHUB_URL", "http://127.0.0.1:3001/mcp", "the MCP server github")],
    ["mcp-workspace", mcp("AFU9_MCP_WORKSPACE_URL", "http://127.0.0.1:3004/mcp", "the MCP server workspace")],
  ] as const;
  // Without targets there is nothing that these might do.
  const onAws = env.AFU9_DEPLOY_TARGETS
    ? ([
        ["mcp-deploy", mcp("AFU9_MCP_DEPLOY_URL", deployUrl, "the MCP server deploy")],
        [
          "mcp-observability",
          mcp("AFU9_MCP_OBSERVABILITY_URL", observabilityUrl, "the MCP server observability"),
        ],
      ] as const)
    : [];
  return { app, servers: [...servers, ...onAws] };
}
