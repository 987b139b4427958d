// The one list of commands: the program, its help and docs/cli.md loop over it.
import type { Command } from "../command.ts";
import { acceptMcpTools } from "./accept-mcp-tools.ts";
import { addMcpServer } from "./add-mcp-server.ts";
import { checkWorkflows } from "./check-workflows.ts";
import {
  cancelExecution,
  pauseExecution,
  resumeExecution,
  retryExecution,
  steerExecution,
} from "./control-execution.ts";
import { doctor } from "./doctor.ts";
import { exportAudit } from "./export-audit.ts";
import { followExecution } from "./follow-execution.ts";
import { listDeliveries } from "./list-deliveries.ts";
import { listExecutions } from "./list-executions.ts";
import { listMcpServers } from "./list-mcp-servers.ts";
import { makeMcpToken } from "./mcp-token.ts";
import { openSetup } from "./open-setup.ts";
import { redeliverDelivery } from "./redeliver.ts";
import { removeMcpServer } from "./remove-mcp-server.ts";
import { replayExecution } from "./replay.ts";
import { showBudgets } from "./show-budgets.ts";
import { disableMcpServer, enableMcpServer } from "./switch-mcp-server.ts";
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
  showBudgets,
  verifyAudit,
  exportAudit,
  listDeliveries,
  redeliverDelivery,
  checkWorkflows,
  listMcpServers,
  addMcpServer,
  acceptMcpTools,
  disableMcpServer,
  enableMcpServer,
  removeMcpServer,
  makeMcpToken,
  doctor,
  openSetup,
];
