import type { Context } from "probot";
import type { AppDeps } from "../deps.ts";
import { endUnreachable } from "../installations/end-unreachable.ts";
import { handOver } from "../installations/hand-over.ts";
import { reached } from "../installations/read-installation.ts";
import { askForLabels, markRemoved, saveReached } from "../installations/repository-rows.ts";

/** A repository was made, renamed, given away, archived, deleted: its row follows, and what runs goes on or ends. */
export async function onRepositoryChanged(context: Context<"repository">, deps: AppDeps): Promise<void> {
  const { action, repository, installation } = context.payload;
  if (!installation) return;
  const { pool } = deps.db;
  if (action === "deleted") await markRemoved(pool, repository.id);
  else await saveReached(pool, installation.id, [reached(repository)]);
  await endUnreachable({ repository: repository.id }, deps);
  if (action === "renamed" || action === "transferred") await handOver({ repository: repository.id }, deps);
  await askForLabels(installation.id, deps);
}
