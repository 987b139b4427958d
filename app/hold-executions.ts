// What the label that holds an issue does to the executions there.
import { requestControl } from "../shared/control.ts";
import { Refusal } from "../shared/errors.ts";
import type { AppDeps } from "./deps.ts";

type Place = { repository: number; issue: number; who: string; delivery: string };
type Deps = Pick<AppDeps, "db" | "queues" | "log">;

/** What tells what a hold does from what a person asked for: its end gives nobody's wish a new date. */
const hold = "hold";

/** Pauses what has not ended. What is paused already stays as it is: it does not go on when the hold ends. */
export async function pauseHeld({ repository, issue, who, delivery }: Place, deps: Deps): Promise<void> {
  const { rows } = await deps.db.pool.query<{ id: string }>(
    "SELECT id FROM workflow_executions WHERE repository_id = $1 AND issue_number = $2 AND finished_at IS NULL",
    [repository, issue],
  );
  for (const { id } of rows)
    await ask(
      { execution: id, kind: "pause", text: hold, requestedBy: who, delivery: `${delivery} ${id}` },
      deps,
    );
}

/** Lets go on what was paused last for a hold. */
export async function resumeReleased({ repository, issue, who, delivery }: Place, deps: Deps): Promise<void> {
  const { rows } = await deps.db.pool.query<{ id: string }>(
    `SELECT e.id FROM workflow_executions e CROSS JOIN LATERAL (
       SELECT kind, text FROM execution_controls c
        WHERE c.execution_id = e.id AND kind IN ('pause', 'resume') ORDER BY requested_at DESC LIMIT 1) last
      WHERE repository_id = $1 AND issue_number = $2 AND finished_at IS NULL AND (status = 'paused' OR wish = 'pause')
        AND last.kind = 'pause' AND last.text = $3`,
    [repository, issue, hold],
  );
  for (const { id } of rows)
    await ask(
      { execution: id, kind: "resume", text: hold, requestedBy: who, delivery: `${delivery} ${id}` },
      deps,
    );
}

/** What can't be done, because it stands otherwise by now, is left alone. */
async function ask(control: Parameters<typeof requestControl>[0], deps: Deps): Promise<void> {
  try {
    await requestControl(control, deps);
    deps.log.info({ execution_id: control.execution, kind: control.kind }, "control asked for by a hold");
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    deps.log.debug({ execution_id: control.execution, reason: error.message }, "hold changes nothing");
  }
}
