// Brings one commit of a repository, and some history, into an empty workspace.
import { appendFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { messageOf, ToolFailure } from "../../shared/errors.ts";
import type { WorkspaceDeps } from "./deps.ts";
import { type Cloned, type CloneSource, copyCommits, fetchCommits } from "./fetch-commit.ts";
import { git } from "./git.ts";
import { withMirror } from "./with-mirror.ts";
import type { Place } from "./workspace.ts";

export async function clone(
  place: Place,
  source: CloneSource,
  deps: Pick<WorkspaceDeps, "mirrors" | "inTurn">,
): Promise<Cloned> {
  const { gitDirectory } = place;
  await git({ gitDirectory }, ["init", "--quiet", "--template="]);
  // Made without a work tree, which would be written down: there are two that use this directory.
  await git({ gitDirectory }, ["config", "core.bare", "false"]);
  await mkdir(join(gitDirectory, "info"), { recursive: true });
  await appendFile(join(gitDirectory, "info/exclude"), `${neverPartOfAChange.join("\n")}\n`);
  const cloned = await withMirror(deps, source, async (mirror) => {
    const cloned = await fetchCommits(mirror, source);
    await copyCommits(mirror, [cloned.base, ...(cloned.merge ? [cloned.merge] : [])], gitDirectory);
    return cloned;
  });
  await checkOut(place, cloned.base);
  return cloned;
}

/** What setup and tests make in many repositories that forgot to ignore it. */
const neverPartOfAChange = ["node_modules/", ".venv/", "__pycache__/", "*.pyc", ".pytest_cache/"];

async function checkOut({ gitDirectory, checkout }: Place, base: string): Promise<void> {
  const at = { gitDirectory, workTree: checkout };
  await git(at, ["update-ref", "--no-deref", "HEAD", base]);
  try {
    await git(at, ["read-tree", "-u", "--reset", "HEAD"]);
  } catch (error) {
    // Such as a file named `.git`, which would tell git where to look for its settings.
    const [invalid] = messageOf(error).match(/invalid path '.*'/) ?? [];
    throw invalid ? new ToolFailure(`The commit ${base} can't be checked out: ${invalid}.`) : error;
  }
  // The file says where git is, here as in the sandbox, where that directory is read-only.
  await writeFile(join(checkout, ".git"), "gitdir: ../git\n", { flag: "wx" });
}
