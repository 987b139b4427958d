import type { Logger } from "../../shared/logger.ts";
import type { AgentDefinition } from "../agent/agent-definition.ts";
import type { TranscriptStore } from "../agent/transcript.ts";
import type { Model } from "../llm/model.ts";
import type { OpenToolbox } from "../tools/toolbox.ts";

/** What steps work with, for one execution. */
export type StepDeps = {
  openToolbox: OpenToolbox;
  transcripts: TranscriptStore;
  agents: Map<string, AgentDefinition>;
  model: Model;
  /** What the execution may spend on models, in USD. */
  budgetUsd: number;
  signal: AbortSignal;
  log: Logger;
};
