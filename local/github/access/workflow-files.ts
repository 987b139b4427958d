import { readTree } from "../git/trees.ts";
import type { Actor, Hub, Repository } from "../hub.ts";
import { forbidden, Problem } from "../rest/problem.ts";
import { grants } from "./authorize.ts";

const folder = ".github/workflows/";

/** An App changes `.github/workflows` only with the `workflows` permission: such a file can run with the repository's secrets. */
export function refuseWorkflowFiles(actor: Actor, paths: string[]): void {
  if (!isBound(actor)) return;
  const path = paths.find((one) => one.startsWith(folder));
  if (!path) return;
  const message = `refusing to allow a GitHub App to create or update workflow \`${path}\` without \`workflows\` permission`;
  throw new Problem(403, message);
}

/**
 * The same for a ref that is to be at a commit: refused where it has a workflow file as no branch has it. GitHub says no more
 * than this, and refuses old commits of the default branch for it, too (vercel/next.js#94596).
 */
export async function refuseWorkflowsAt(
  commit: string,
  {
    hub,
    repository,
    actor,
    branches,
  }: { hub: Hub; repository: Repository; actor: Actor; branches: string[] },
): Promise<void> {
  if (!isBound(actor)) return;
  const filesOf = async (treeish: string) => {
    const entries = await readTree(hub, repository, { treeish, path: folder });
    return (entries ?? []).map(({ path, sha }) => `${path} ${sha}`);
  };
  const known = new Set((await Promise.all(branches.map(filesOf))).flat());
  if ((await filesOf(commit)).some((file) => !known.has(file))) throw forbidden();
}

function isBound(actor: Actor): boolean {
  return actor.kind === "installation" && !grants(actor, "workflows:write");
}
