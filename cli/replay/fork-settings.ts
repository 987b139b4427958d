// What a fork needs of the environment: the App, a model, and the secret that the MCP servers share.
import { z } from "zod";
import { readConfig } from "../../shared/config.ts";
import { createGitHubApp, type GitHubApp, githubSettings } from "../../shared/github.ts";
import { modelSettings } from "../../shared/models/model-settings.ts";
import { createModels } from "../../worker/llm/create-models.ts";
import type { Model } from "../../worker/llm/model.ts";
import { storedSecret } from "../mcp/stored-secret.ts";
import { silentLog } from "../silent-log.ts";

export type ForkSettings = { secret: string; github: GitHubApp; model: Model; budgetUsd: number };

/** Reads them. `model` is `provider` or `provider:name`, and comes before the environment's. */
export async function readForkSettings(root: string, model: string | undefined): Promise<ForkSettings> {
  const [provider, ...name] = model?.split(":") ?? [];
  const schema = z.object({
    ...githubSettings.shape,
    ...modelSettings.shape,
    AFU9_MCP_SECRET: z.string().min(16),
  });
  const settings = readConfig(schema, {
    ...process.env,
    AFU9_MCP_SECRET: process.env.AFU9_MCP_SECRET || (await storedSecret(root)),
    ...(provider && { AFU9_MODEL_PROVIDER: provider, AFU9_MODEL: name.join(":") || undefined }),
  });
  return {
    secret: settings.AFU9_MCP_SECRET,
    github: createGitHubApp(settings, silentLog),
    model: createModels(settings, { log: silentLog }).modelFor(),
    budgetUsd: settings.AFU9_BUDGET_USD,
  };
}
