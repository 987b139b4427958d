import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { readSecret } from "../../app/setup/secret-store.ts";
import type { Environment } from "../processes.ts";
import { mcpSecret } from "./mcp-secret.ts";

export const deployUrl = "http://127.0.0.1:3002/mcp";
export const observabilityUrl = "http://127.0.0.1:3003/mcp";

type Place = { envFile: string; data: string };

/**
 * The settings as they are now: the environment's, then those of the file, then those of the secret in AFU9_SECRETS_ARN.
 * An empty variable counts as not set.
 */
export async function readEnvironment({ envFile, data }: Place): Promise<Environment> {
  const own = { ...given(parseEnv(await read(envFile))), ...given(process.env) };
  const env: Environment = {
    NO_SMEE_SETUP: "true",
    AFU9_WORKSPACE_DIR: join(data, "workspaces"),
    ...(own.AFU9_SECRETS_ARN && (await readSecret(new SecretsManagerClient({}), own.AFU9_SECRETS_ARN))),
    ...own,
    AFU9_ENV_FILE: envFile,
  };
  if (env.AFU9_DEPLOY_TARGETS) {
    // The worker uses them where they have an address.
    env.AFU9_MCP_DEPLOY_URL ||= deployUrl;
    env.AFU9_MCP_OBSERVABILITY_URL ||= observabilityUrl;
  }
  env.AFU9_MCP_SECRET ||= await mcpSecret(join(data, "mcp-secret"));
  return env;
}

function given(env: NodeJS.Dict<string>): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value));
}

async function read(path: string): Promise<string> {
  return readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
}
