import type { Logger } from "../../shared/logger.ts";
import type { AgentDefinition } from "../agent/agent-definition.ts";
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
  model: Model;
  /** What the execution may spend on models, in USD. */
  budgetUsd: number;
  log: Logger;
};
