import type { Context } from "probot";
import type { Database } from "../shared/db.ts";
import { type BrokenFile, loadRepositoryWorkflows } from "./load-repository-workflows.ts";
import type { Taken } from "./policy/repository-workflow.ts";
import { readWorkflowFolder } from "./read-workflow-folder.ts";
import { type SavedWorkflow, saveWorkflows } from "./start-execution.ts";

export type FolderContent = { workflows: SavedWorkflow[]; broken: BrokenFile[] };

type Asking = Pick<Context, "octokit"> & {
  repo(): { owner: string; repo: string };
  payload: { repository: { id: number } };
};

export type RepositoryWorkflows = {
  /** The workflows of the repository that a webhook is about, as they stand on its default branch now. */
  of(context: Asking): Promise<FolderContent>;
};

/** How many repositories' workflows are kept. Of others the folder is read anew. */
const maxKept = 100;

/** Keeps what it has read, and asks GitHub each time whether that is still so: while it is, that costs no quota. */
export function createRepositoryWorkflows(deps: {
  db: Database;
  taken: Taken;
  agents: string[];
}): RepositoryWorkflows {
  const kept = new Map<number, FolderContent & { etag?: string }>();

  return {
    async of(context) {
      const { id } = context.payload.repository;
      const known = kept.get(id);
      const folder = await readWorkflowFolder(context, known?.etag);
      if (!folder) return known ?? { workflows: [], broken: [] };

      const { usable, broken } = loadRepositoryWorkflows(folder.files, deps.taken, deps.agents);
      const workflows = await saveWorkflows(deps.db, usable, String(id));
      kept.delete(id);
      kept.set(id, { workflows, broken, etag: folder.etag });
      for (const oldest of [...kept.keys()].slice(0, -maxKept)) kept.delete(oldest);
      return { workflows, broken };
    },
  };
}
