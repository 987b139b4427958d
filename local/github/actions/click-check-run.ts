import type { z } from "zod";
import type { click } from "../control/inputs.ts";
import type { Hub } from "../hub.ts";
import { findAccount } from "../lookups.ts";
import { Problem } from "../rest/problem.ts";
import { emitCheckRun, emitSuiteRerequested } from "./check-run-event.ts";

/** A person clicks on a check run: its App hears of it. */
export async function clickOn(
  hub: Hub,
  { run: id, login, action }: z.infer<typeof click> & { run: string },
): Promise<void> {
  const sender = findAccount(hub, login);
  if (!sender) throw new Problem(404, `There is no user ${login}. Create it with POST /_local/users.`);
  const repository = hub.repositories.find(({ checkRuns }) => checkRuns.some((run) => String(run.id) === id));
  const run = repository?.checkRuns.find((one) => String(one.id) === id);
  if (!repository || !run) throw new Problem(404, `There is no check run with the id ${id}.`);
  const clicked = { repository, run, sender };
  if (action === "rerequest") emitCheckRun(hub, { ...clicked, action: "rerequested" });
  else if (action === "rerequest-all") await emitSuiteRerequested(hub, clicked);
  else if (run.actions.some(({ identifier }) => identifier === action))
    emitCheckRun(hub, { ...clicked, action: "requested_action", identifier: action });
  else {
    const known = run.actions.map(({ identifier }) => identifier).join(", ");
    throw new Problem(422, `Check run ${run.id} has no button ${action}. It has: ${known || "none"}.`);
  }
}
