import type { Pool } from "pg";
import { configSource, keptConfigFile } from "../../shared/config-files.ts";
import { effectiveConfig } from "../../shared/effective-config.ts";
import { keepLabelNodes, labelNodes } from "../../shared/label-nodes.ts";
import { RepositoryConfig } from "../../shared/repository-config.ts";
import { unlessGone } from "../../shared/unless-gone.ts";
import type { Around } from "./around.ts";
import type { Mutate } from "./one-request.ts";
import type { Snapshot } from "./snapshot.ts";

type Labels = RepositoryConfig["labels"];

/** The label that says how an execution stands. One that was cancelled has none. */
export function stateLabelOf({ status }: Pick<Snapshot, "status">, labels: Labels): string | null {
  if (status === "cancelled") return null;
  if (status === "succeeded") return labels.done;
  if (status === "paused") return labels.waiting;
  return { ...labels, cancelled: null }[status as "queued" | "running" | "waiting" | "failed"];
}

/**
 * Brings the issue's state label up to date: one at a time, of its newest execution that changes something. What other
 * labels it wears is left alone: each is added and removed by itself. Gives the label that it wears now.
 */
export async function reportLabel(
  mutate: Mutate,
  snapshot: Snapshot,
  { pool, ...around }: Around & { pool: Pool },
): Promise<string | null> {
  if (snapshot.slot !== "change") return null;
  const worn = await readWorn(pool, snapshot);
  if (worn.newest !== snapshot.id) return snapshot.stateLabel;

  const label = stateLabelOf(snapshot, await namesFor(pool, snapshot));
  const isMissing = label !== null && !worn.labels.includes(label);
  await changeLabels(mutate, snapshot, { ...around, pool }, [
    ...worn.labels.filter((name) => name !== label).map((name) => ({ name, isWorn: false })),
    ...(isMissing ? [{ name: label, isWorn: true }] : []),
  ]);
  await forgetOlder(pool, snapshot);
  return label;
}

type Wanted = { name: string; isWorn: boolean };
type Labelling = Pick<Around, "octokit" | "nodes"> & { pool: Pool };

/** Each by its id in the one request; by its name where its id is not known (any more). */
async function changeLabels(
  mutate: Mutate,
  snapshot: Snapshot,
  labelling: Labelling,
  wanted: Wanted[],
): Promise<void> {
  if (wanted.length === 0) return;
  const ids = await labelNodes(labelling.pool, snapshot.trigger.repository.id);
  const labelableId = await labelling.nodes.issue();
  if (labelableId === undefined) return;
  const known = wanted.filter(({ name }) => name in ids);
  const answers = await Promise.all(
    mutate(
      known.map(({ name, isWorn }) => ({
        name: isWorn ? "addLabelsToLabelable" : "removeLabelsFromLabelable",
        input: { labelableId, labelIds: [ids[name]] },
        gives: "clientMutationId",
      })),
    ).map(unlessGone),
  );
  const done = known.filter((_, index) => answers[index] !== undefined);
  for (const one of wanted.filter((other) => !done.includes(other)))
    await changeByName(snapshot, labelling, one);
}

/** GitHub makes a label that is not there, and tells its id. */
async function changeByName(
  { trigger: { repository, issue } }: Snapshot,
  { octokit, pool }: Labelling,
  { name, isWorn }: Wanted,
): Promise<void> {
  const on = { owner: repository.owner, repo: repository.name, issue_number: issue.number };
  const { issues } = octokit.rest;
  const answer = isWorn ? issues.addLabels({ ...on, labels: [name] }) : issues.removeLabel({ ...on, name });
  const { data = [] } = (await unlessGone<{ data: { name: string; node_id: string }[] }>(answer)) ?? {};
  await keepLabelNodes(pool, repository.id, data);
}

/** As its repository calls them. Before the execution has read that, what any process was last told holds. */
async function namesFor(pool: Pool, { config, trigger }: Snapshot): Promise<Labels> {
  const own = RepositoryConfig.safeParse(config);
  if (own.success) return own.data.labels;
  const { id, owner } = trigger.repository;
  const files = {
    owner: await keptConfigFile(pool, configSource.owner(owner)),
    repository: await keptConfigFile(pool, configSource.repository(id)),
  };
  return effectiveConfig(files).config.labels;
}

/** What the executions on an issue have put on it, and which of them is the newest. */
async function readWorn(pool: Pool, { trigger }: Snapshot): Promise<{ newest?: string; labels: string[] }> {
  const { rows } = await pool.query<{ id: string; label: string | null }>(
    `SELECT id, state_label AS label FROM workflow_executions
      WHERE repository_id = $1 AND issue_number = $2 AND slot = 'change' ORDER BY created_at DESC, id DESC`,
    [trigger.repository.id, trigger.issue.number],
  );
  return { newest: rows[0]?.id, labels: [...new Set(rows.flatMap(({ label }) => label ?? []))] };
}

async function forgetOlder(pool: Pool, { id, trigger }: Snapshot): Promise<void> {
  await pool.query(
    `UPDATE workflow_executions SET state_label = NULL
      WHERE repository_id = $1 AND issue_number = $2 AND id <> $3 AND state_label IS NOT NULL`,
    [trigger.repository.id, trigger.issue.number, id],
  );
}
