// Refs of a bare repository, and the one road on which they change.
import type { Hub, Repository } from "../hub.ts";

export type Refs = Map<string, string>;

export interface RefChange {
  ref: string;
  before: string;
  after: string;
}

export const zeroSha = "0".repeat(40);

/** Ref name → object SHA, below the given prefix. */
export async function readRefs(hub: Hub, repository: Repository, prefix = "refs/"): Promise<Refs> {
  const output = await hub.git.text(repository.path, ["for-each-ref", "--format=%(refname) %(objectname)"]);
  const lines = output.split("\n").filter((line) => line.startsWith(prefix));
  return new Map(lines.map((line) => line.split(" ") as [string, string]));
}

/** Moves a ref if it still points at `before` (all zeros: if it does not exist). False when somebody was faster. */
export async function moveRef(hub: Hub, repository: Repository, change: RefChange): Promise<boolean> {
  const args =
    change.after === zeroSha
      ? ["update-ref", "-d", change.ref, change.before]
      : ["update-ref", change.ref, change.after, change.before];
  return (await hub.git.attempt(repository.path, args)).code === 0;
}

/** Runs `change` while nobody else moves refs of the repository, and tells which branches and tags it moved. */
export async function withRefs<T>(
  hub: Hub,
  repository: Repository,
  change: (before: Refs) => Promise<T>,
): Promise<{ result: T; changes: RefChange[]; before: Refs }> {
  const turn = repository.refsLock.then(async () => {
    const before = await readRefs(hub, repository);
    const result = await change(before);
    const after = await readRefs(hub, repository);
    return { result, changes: differences(before, after), before };
  });
  repository.refsLock = turn.catch(() => undefined);
  return turn;
}

function differences(before: Refs, after: Refs): RefChange[] {
  const names = [...new Set([...before.keys(), ...after.keys()])];
  return names
    .filter((name) => /^refs\/(heads|tags)\//.test(name) && before.get(name) !== after.get(name))
    .map((ref) => ({ ref, before: before.get(ref) ?? zeroSha, after: after.get(ref) ?? zeroSha }));
}
