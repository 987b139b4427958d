import type { Context } from "probot";
import type { BudgetSettings } from "../shared/budget.ts";
import type { Database } from "../shared/db.ts";
import type { GitHubApp } from "../shared/github.ts";
import type { Logger } from "../shared/logger.ts";
import type { ModelChoiceSettings } from "../shared/models/model-settings.ts";
import type { Queues } from "../shared/queue.ts";
import type { PolicySettings } from "./policy/policy-settings.ts";
import type { RepositoryConfigs } from "./repository-configs.ts";
import type { RepositoryWorkflows } from "./repository-workflows.ts";
import type { SavedWorkflow } from "./start-execution.ts";

/** What handlers and commands work with. */
export type AppDeps = {
  db: Database;
  queues: Queues;
  /** Those that come with AFU-9. */
  workflows: SavedWorkflow[];
  /** Those in the repositories. */
  repositoryWorkflows: RepositoryWorkflows;
  /** What the repositories say in their `.github/afu9.yml`. */
  configs: RepositoryConfigs;
  /** GitHub, as the App itself sees it. */
  github: Pick<GitHubApp, "asApp" | "octokitFor">;
  /** The App's numeric id: what it made on GitHub carries it. */
  appId: number;
  /** The App's name in addresses; its bot is called `slug[bot]`. GitHub is asked once. */
  appSlug(): Promise<string>;
  /** The numeric id of that bot. */
  ownBotId(octokit: Context["octokit"]): Promise<number>;
  /** Where its pages are. */
  serverUrl: string;
  /** Whom the operator lets in, and how often people may start things. */
  policy: PolicySettings;
  /** The operator's limits of what may be spent on models. */
  budget: BudgetSettings;
  /** What the operator says of models. */
  models: ModelChoiceSettings;
  log: Logger;
};
