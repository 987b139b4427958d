// The MCP server that reads and changes GitHub. It holds the App's key.
import { readConfig } from "../../shared/config.ts";
import { createGitHubApp, githubSettings } from "../../shared/github.ts";
import { createLogger } from "../../shared/logger.ts";
import { type RunningServer, serve } from "../serve.ts";
import { listenOptions, serverSettings } from "../settings.ts";
import { githubTools } from "./tools.ts";

export async function start(env: NodeJS.ProcessEnv): Promise<RunningServer> {
  const settings = readConfig(serverSettings(3001).extend(githubSettings.shape), env);
  const log = createLogger("mcp-github", settings.AFU9_LOG_LEVEL);
  const deps = { github: createGitHubApp(settings, log) };
  return serve({ name: "github", tools: githubTools, deps, log, ...listenOptions(settings) });
}
