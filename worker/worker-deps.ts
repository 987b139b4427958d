import type { BudgetSettings } from "../shared/budget.ts";
import type { Database } from "../shared/db.ts";
import type { GitHubApp } from "../shared/github.ts";
import type { Logger } from "../shared/logger.ts";
import type { Queues } from "../shared/queue.ts";
import type { Redact } from "../shared/redact.ts";
import type { AgentDefinition } from "./agent/agent-definition.ts";
import type { Models } from "./llm/create-models.ts";
import type { McpServers } from "./tools/mcp-servers.ts";
import type { Registry } from "./tools/registry.ts";

export type WorkerDeps = {
  db: Database;
  queues: Queues;
  github: GitHubApp;
  registry: Registry;
  mcp: McpServers;
  secret: string;
  /** Takes this process's own secrets out too. */
  redact: Redact;
  agents: Map<string, AgentDefinition>;
  models: Models;
  /** The operator's limits of what may be spent on models. */
  budget: BudgetSettings;
  /** Where people reach the app, without a slash at the end. */
  publicUrl?: string | undefined;
  /** Aborted when the process ends. */
  shutdown: AbortSignal;
  log: Logger;
};
