// The labels that start AFU-9 and show how it stands are there before anybody looks for them.
import type { Pool } from "pg";
import type { Database } from "../../shared/db.ts";
import { readEffectiveConfig } from "../../shared/effective-config.ts";
import { messageOf } from "../../shared/errors.ts";
import type { GitHubApp, Octokit } from "../../shared/github.ts";
import { keepLabelNodes } from "../../shared/label-nodes.ts";
import type { Logger } from "../../shared/logger.ts";
import type { Queues } from "../../shared/queue.ts";
import { type LabelText, labelTexts } from "./label-texts.ts";

type Deps = { db: Database; github: Pick<GitHubApp, "octokitFor">; log: Logger };

/** Makes the labels of one repository after the other: an installation on hundreds of them must not use up GitHub's limits. */
export function takeLabels(deps: Deps & { queues: Queues }): void {
  deps.queues.work("labels", (id) => makeLabels(id, deps), { concurrency: 1 });
}

/** Makes those that are missing. What GitHub does not allow is left, and not asked for again before the App may do more. */
export async function makeLabels(id: string, { db, github, log }: Deps): Promise<void> {
  const row = await db.prisma.repository.findUnique({ where: { id: BigInt(id) } });
  if (row?.state !== "active" || row.labelsMadeAt) return;
  const place = { id: Number(row.id), owner: row.owner, name: row.name };
  const scope = { installation: Number(row.installationId), repo: row.name };
  const octokit = github.octokitFor({ ...scope, permissions: { issues: "write", contents: "read" } });
  try {
    const { made, all } = await makeMissing(octokit, place, await wantedLabels(db.pool, octokit, place));
    await keepLabelNodes(db.pool, place.id, all);
    log.info({ repository: id, labels: made.length }, "labels made");
  } catch (error) {
    if (![403, 404, 410, 422].includes((error as { status?: number }).status ?? 0)) throw error;
    log.warn({ repository: id, error: messageOf(error) }, "labels not made");
  }
  await db.prisma.repository.update({ where: { id: row.id }, data: { labelsMadeAt: new Date() } });
}

type Place = { id: number; owner: string; name: string };

async function wantedLabels(pool: Pool, octokit: Octokit, place: Place): Promise<LabelText[]> {
  const { config } = await readEffectiveConfig(pool, place, { octokitFor: () => octokit });
  return labelTexts(config.labels);
}

type Label = { name: string; node_id: string };

/** Gives those that it made, and all that are wanted as they are there now. */
async function makeMissing(
  { paginate, rest: { issues } }: Octokit,
  { owner, name: repo }: Place,
  wanted: LabelText[],
): Promise<{ made: Label[]; all: Label[] }> {
  const there: Label[] = await paginate(issues.listLabelsForRepo, { owner, repo, per_page: 100 });
  const made: Label[] = [];
  const all: Label[] = [];
  for (const label of wanted) {
    // To GitHub the case of a name makes no difference.
    const known = there.find(({ name }) => name.toLowerCase() === label.name.toLowerCase());
    const { node_id } = known ?? (await issues.createLabel({ owner, repo, ...label })).data;
    if (!known) made.push({ name: label.name, node_id });
    all.push({ name: label.name, node_id });
  }
  return { made, all };
}
