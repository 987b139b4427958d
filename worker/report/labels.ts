import type { Pool } from "pg";
import { configSource, keptConfigFile } from "../../shared/config-files.ts";
import { effectiveConfig } from "../../shared/effective-config.ts";
import type { Octokit } from "../../shared/github.ts";
import { RepositoryConfig } from "../../shared/repository-config.ts";
import { unlessGone } from "./comment.ts";
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
 * labels it wears is left alone: each is added and removed by its name. Gives the label that it wears now.
 */
export async function reportLabel(octokit: Octokit, snapshot: Snapshot, pool: Pool): Promise<string | null> {
  const { repository, issue } = snapshot.trigger;
  if (snapshot.slot !== "change") return null;
  const worn = await readWorn(pool, snapshot);
  if (worn.newest !== snapshot.id) return snapshot.stateLabel;

  const label = stateLabelOf(snapshot, await namesFor(pool, snapshot));
  const on = { owner: repository.owner, repo: repository.name, issue_number: issue.number };
  for (const old of worn.labels.filter((name) => name !== label))
    await unlessGone(octokit.rest.issues.removeLabel({ ...on, name: old }));
  if (label !== null && !worn.labels.includes(label))
    await unlessGone(octokit.rest.issues.addLabels({ ...on, labels: [label] }));
  await forgetOlder(pool, snapshot);
  return label;
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
