import type { Logger } from "../../shared/logger.ts";
import type { Redact } from "../../shared/redact.ts";
import type { RepositoryConfig } from "../../shared/repository-config.ts";
import type { AgentDefinition } from "../agent/agent-definition.ts";
import type { Background } from "../agent/background.ts";
import type { Steering } from "../agent/steering.ts";
import type { TranscriptStore } from "../agent/transcript.ts";
import type { Model } from "../llm/model.ts";
import type { OpenToolbox } from "../tools/toolbox.ts";
import type { Approvals } from "./approvals.ts";
import type { Waits } from "./waits.ts";

/** What steps work with, for one execution. */
export type StepDeps = {
  openToolbox: OpenToolbox;
  transcripts: TranscriptStore;
  steering: Steering;
  approvals: Approvals;
  waits: Waits;
  agents: Map<string, AgentDefinition>;
  /** The model that an agent talks to. */
  modelFor(agent: AgentDefinition): Promise<Model>;
  /** What the repository tells of itself. */
  config: RepositoryConfig;
  /** What the execution may spend on models, in USD. */
  budgetUsd: number;
  /** Takes secrets out of what an agent is told and of what it says. */
  redact: Redact;
  /** What an agent is told of the repository and of what went before. */
  background?: Background;
  log: Logger;
};
