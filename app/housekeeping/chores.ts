// The app's chores: the one list.
import type { Database } from "../../shared/db.ts";
import type { GitHubApp } from "../../shared/github.ts";
import type { Chore } from "../../shared/housekeeping.ts";
import type { Logger } from "../../shared/logger.ts";
import type { Queues } from "../../shared/queue.ts";
import { nudgeDeliveries } from "./deliveries.ts";
import { compareInstallations, nudgeLabels } from "./installations.ts";
import { createMissedDeliveries } from "./missed-deliveries.ts";
import { removeOld } from "./retention.ts";

export type ChoreDeps = {
  db: Database;
  queues: Queues;
  github: Pick<GitHubApp, "asApp" | "octokitFor">;
  retentionDays: number;
  log: Logger;
};

export function appChores(deps: ChoreDeps): Chore[] {
  return [
    {
      name: "deliveries",
      everyMs: 5_000,
      does: "nudges intake for deliveries that nobody took",
      work: () => nudgeDeliveries(deps),
    },
    {
      name: "missed-deliveries",
      everyMs: 5 * 60_000,
      does: "has GitHub send again what it could not deliver",
      atStart: true,
      work: createMissedDeliveries(deps),
    },
    {
      name: "installations",
      everyMs: 24 * 3_600_000,
      does: "compares what the App is installed on with GitHub, in case that an event was lost",
      work: (signal) => compareInstallations(deps, signal),
    },
    {
      name: "labels",
      everyMs: 3_600_000,
      does: "has labels made in repositories where they are not yet",
      work: () => nudgeLabels(deps),
    },
    {
      name: "retention",
      everyMs: 3_600_000,
      does: "removes old webhooks, and the details of executions that ended long ago",
      work: (signal) => removeOld(deps, signal),
    },
  ];
}
