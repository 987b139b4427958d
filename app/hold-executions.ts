// What the label that holds an issue does to the executions there.
import { requestControl } from "../shared/control.ts";
import { Refusal } from "../shared/errors.ts";
import type { AppDeps } from "./deps.ts";
import { lockStarts } from "./policy/may-start.ts";

/** `at`: when the label was set or taken away, by GitHub's clock. */
type Place = { repository: number; issue: number; who: string; delivery: string; at: string };
type Deps = Pick<AppDeps, "db" | "queues" | "log">;

/** What tells what a hold does from what a person asked for: its end gives nobody's wish a new date. */
const hold = "hold";

/** Pauses what has not ended. What is paused already stays as it is: it does not go on when the hold ends. */
export async function pauseHeld(place: Place, deps: Deps): Promise<void> {
  const { repository, issue, who, delivery } = place;
  await noteHold(place, true, deps);
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
export async function resumeReleased(place: Place, deps: Deps): Promise<void> {
  const { repository, issue, who, delivery } = place;
  await noteHold(place, false, deps);
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

/**
 * What was asked for before, and is looked at after this, does not start. What has started by now is there to be paused: for that
 * nothing may start meanwhile.
 */
async function noteHold({ repository, issue, at }: Place, isHeld: boolean, { db }: Deps): Promise<void> {
  await db.prisma.$transaction(async (transaction) => {
    await lockStarts(transaction, repository);
    await transaction.$executeRaw`
      INSERT INTO issue_holds AS known (repository_id, issue_number, is_held, changed_at)
      VALUES (${repository}, ${issue}, ${isHeld}, ${at}::timestamptz)
      ON CONFLICT (repository_id, issue_number) DO UPDATE SET is_held = excluded.is_held, changed_at = excluded.changed_at
       WHERE known.changed_at <= excluded.changed_at`;
  });
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
