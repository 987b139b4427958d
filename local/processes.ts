// The processes of AFU-9, as data: which file each one is, and which variables it is given. None gets more than it
// needs: only the worker has the model's key, and the workspace, where a repository's commands run, has no key at all.
import { join } from "node:path";
import { budgetVariables } from "../shared/budget.ts";
import { modelChoiceVariables, modelVariables } from "../shared/models/model-settings.ts";
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
    "PUBLIC_URL",
    "AFU9_LOG_LEVEL",
    "NODE_EXTRA_CA_CERTS",
    "NODE_COMPILE_CACHE",
  ],
  ...["HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "NODE_USE_ENV_PROXY"],
];
const database = ["DATABASE_URL", "REDIS_URL"];
const github = ["GITHUB_API_URL", "GITHUB_SERVER_URL"];
const githubApp = ["APP_ID", "PRIVATE_KEY", "PRIVATE_KEY_PATH", ...github];
/** What third parties' MCP servers are sent, each in a variable of its own. Only the worker calls them. */
const mcpHeaders = "AFU9_MCP_HEADER_";
const mcpSecrets = ["AFU9_MCP_SECRET", "AFU9_MCP_SECRET_PREVIOUS"];
/** AWS's own names: where its SDK looks for the region, the address and the rights of the process. */
const aws = [
  ...["AWS_REGION", "AWS_ENDPOINT_URL", "AWS_PROFILE", "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"],
  ...["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_EC2_METADATA_DISABLED"],
  ...["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"],
  ...["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE"],
];

export const processes = {
  // The app before there is a GitHub App.
  setup: {
    file: "app/setup/main.ts",
    args: [],
    variables: ["PORT", "DATABASE_URL", "AFU9_ENV_FILE", "AFU9_SECRETS_ARN", ...github, ...aws],
  },
  app: {
    file: "app/main.ts",
    args: [],
    variables: [
      ...["PORT", "WEBHOOK_SECRET", "WEBHOOK_SECRET_PREVIOUS", "NO_SMEE_SETUP", "AFU9_RETENTION_DAYS"],
      "AFU9_ACTIONS_SECRET",
      ...["AFU9_ALLOWED_BOTS", "AFU9_ALLOWED_APPS", "AFU9_RATE_USER_HOUR", "AFU9_RATE_REPOSITORY_HOUR"],
      // Who raises a budget is told its bounds, and who asks for the configuration the model.
      ...budgetVariables,
      ...modelChoiceVariables,
      ...database,
      ...githubApp,
    ],
  },
  worker: {
    file: "worker/main.ts",
    args: [],
    variables: [
      ...["AFU9_MCP_SECRET", "AFU9_MCP_GITHUB_URL", "AFU9_MCP_WORKSPACE_URL"],
      ...["AFU9_MCP_DEPLOY_URL", "AFU9_MCP_OBSERVABILITY_URL"],
      ...modelVariables,
      ...budgetVariables,
      "AFU9_WORKER_CONCURRENCY",
      ...database,
      ...githubApp,
    ],
  },
  "mcp-github": {
    file: "mcp-servers/main.ts",
    args: ["github"],
    // The database is for GitHub's limits: all processes keep to one budget.
    variables: [
      ...["PORT", "AFU9_MCP_HOSTS", "DATABASE_URL", ...mcpSecrets, ...githubApp],
      ...["AFU9_PROTECTED_PATHS", "AFU9_PATCH_MAX_FILES", "AFU9_PATCH_MAX_KB"],
    ],
  },
  "mcp-deploy": {
    file: "mcp-servers/main.ts",
    args: ["deploy"],
    variables: ["PORT", "AFU9_DEPLOY_TARGETS", "AFU9_MCP_HOSTS", "DATABASE_URL", ...mcpSecrets, ...aws],
  },
  "mcp-observability": {
    file: "mcp-servers/main.ts",
    args: ["observability"],
    variables: ["PORT", "AFU9_MCP_HOSTS", "AFU9_DEPLOY_TARGETS", ...mcpSecrets, ...aws],
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
  aws: { file: "local/aws/main.ts", args: [], variables: [] },
} satisfies Record<string, { file: string; args: string[]; variables: string[] }>;

export type ProcessName = keyof typeof processes;
export type Environment = Record<string, string | undefined>;

/** How to start a process: it gets from `env` what its entry in the list names, and nothing else. */
export function processSpec(name: ProcessName, env: Environment, moreArgs: string[] = []): ProcessSpec {
  const { file, args, variables } = processes[name];
  const named = Object.keys(env).filter((key) => name === "worker" && key.startsWith(mcpHeaders));
  const given = [...everywhere, ...variables, ...named].flatMap((key) =>
    env[key] ? [[key, env[key]] as const] : [],
  );
  return { name, file: join(root, file), args: [...args, ...moreArgs], env: Object.fromEntries(given) };
}
