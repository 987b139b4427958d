// The one list of commands: the program, its help and docs/cli.md loop over it.
import type { Command } from "../command.ts";
import { checkWorkflows } from "./check-workflows.ts";
import {
  cancelExecution,
  pauseExecution,
  resumeExecution,
  retryExecution,
  steerExecution,
} from "./control-execution.ts";
import { followExecution } from "./follow-execution.ts";
import { listDeliveries } from "./list-deliveries.ts";
import { listExecutions } from "./list-executions.ts";
import { makeMcpToken } from "./mcp-token.ts";
import { redeliverDelivery } from "./redeliver.ts";
import { replayExecution } from "./replay.ts";
import { verifyAudit } from "./verify-audit.ts";
import { viewExecution } from "./view-execution.ts";

export const commands: Command[] = [
  listExecutions,
  viewExecution,
  followExecution,
  cancelExecution,
  pauseExecution,
  resumeExecution,
  retryExecution,
  steerExecution,
  replayExecution,
  verifyAudit,
  listDeliveries,
  redeliverDelivery,
  checkWorkflows,
  makeMcpToken,
];
