// The worker's chores: the one list.
import { ensurePartitions } from "../../prisma/partitions.ts";
import type { Chore } from "../../shared/housekeeping.ts";
import { giveBackAbandoned } from "../engine/budget.ts";
import type { ReportDeps } from "../report/report.ts";
import { closeCheckRuns } from "./check-runs.ts";
import { nudgeExecutions } from "./executions.ts";
import { nudgeReports } from "./reports.ts";

export function workerChores(deps: ReportDeps): Chore[] {
  return [
    {
      name: "executions",
      everyMs: 1_000,
      does: "nudges a worker for executions that are due and that nobody runs",
      work: () => nudgeExecutions(deps),
    },
    {
      name: "reports",
      everyMs: 3_000,
      does: "asks for the reports of ended and waiting executions that are behind",
      work: () => nudgeReports(deps),
    },
    {
      name: "check-runs",
      everyMs: 60_000,
      does: "closes check runs that are shown in progress although their execution has ended",
      work: () => closeCheckRuns(deps),
    },
    {
      name: "budgets",
      everyMs: 30_000,
      does: "gives back what workers that died have left reserved of budgets",
      async work() {
        const given = await giveBackAbandoned(deps.db.pool);
        if (given > 0) deps.log.info({ reservations: given }, "reservations given back");
      },
    },
    {
      name: "partitions",
      everyMs: 6 * 3_600_000,
      does: "makes the coming months' partitions, also in a fleet that runs for months",
      work: () => ensurePartitions(deps.db.pool),
    },
  ];
}
