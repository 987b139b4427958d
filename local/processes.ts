// The processes of AFU-9, as data: which file each one is, and which variables it is given. None gets more than it
// needs: only the worker has the model's key, and the workspace, where a repository's commands run, has no key at all.
import { join } from "node:path";
import type { ProcessSpec } from "./supervise.ts";

const root = join(import.meta.dirname, "..");

/** What every process is given. */
export const everywhere = [
  ...[
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TZ",
    "TMPDIR",
    "HOST",
    "AFU9_LOG_LEVEL",
    "NODE_EXTRA_CA_CERTS",
    "NODE_COMPILE_CACHE",
  ],
  ...["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "NODE_USE_ENV_PROXY"],
];
const database = ["DATABASE_URL", "REDIS_URL"];
const github = ["GITHUB_API_URL", "GITHUB_SERVER_URL"];
const githubApp = ["APP_ID", "PRIVATE_KEY", "PRIVATE_KEY_PATH", ...github];
const mcpSecrets = ["AFU9_MCP_SECRET", "AFU9_MCP_SECRET_PREVIOUS"];

export const processes = {
  app: {
    file: "app/main.ts",
    args: [],
    variables: ["PORT", "WEBHOOK_SECRET", "NO_SMEE_SETUP", "AFU9_RETENTION_DAYS", ...database, ...githubApp],
  },
  worker: {
    file: "worker/main.ts",
    args: [],
    variables: [
      ...["AFU9_MCP_SECRET", "AFU9_MCP_GITHUB_URL", "AFU9_MCP_WORKSPACE_URL"],
      ...["AFU9_MODEL_PROVIDER", "AFU9_MODEL", "AFU9_BUDGET_USD", "AFU9_WORKER_CONCURRENCY"],
      ...["ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "OPENAI_API_KEY", "OPENAI_BASE_URL"],
      ...database,
      ...githubApp,
    ],
  },
  "mcp-github": {
    file: "mcp-servers/main.ts",
    args: ["github"],
    variables: ["PORT", "AFU9_MCP_HOSTS", ...mcpSecrets, ...githubApp],
  },
  "mcp-workspace": {
    file: "mcp-servers/main.ts",
    args: ["workspace"],
    variables: [
      ...["PORT", "AFU9_WORKSPACE_DIR", "AFU9_SANDBOX", "AFU9_SANDBOX_TOOLCHAINS", "AFU9_MCP_HOSTS"],
      ...["AFU9_SANDBOX_MEMORY_MB", "AFU9_SANDBOX_DISK_MB", "AFU9_SANDBOX_NETWORK", "AFU9_SANDBOX_PROXY"],
      ...mcpSecrets,
      ...github,
    ],
  },
  github: { file: "local/github/main.ts", args: [], variables: [] },
  model: { file: "local/model/main.ts", args: [], variables: [] },
} satisfies Record<string, { file: string; args: string[]; variables: string[] }>;

export type ProcessName = keyof typeof processes;
export type Environment = Record<string, string | undefined>;

/** How to start a process: it gets from `env` what its entry in the list names, and nothing else. */
export function processSpec(name: ProcessName, env: Environment, moreArgs: string[] = []): ProcessSpec {
  const { file, args, variables } = processes[name];
  const given = [...everywhere, ...variables].flatMap((key) => (env[key] ? [[key, env[key]] as const] : []));
  return { name, file: join(root, file), args: [...args, ...moreArgs], env: Object.fromEntries(given) };
}
