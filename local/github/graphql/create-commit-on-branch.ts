// The one mutation with which an App commits files: no work tree, and GitHub vouches for the commit.

import { refuseWorkflowFiles } from "../access/workflow-files.ts";
import { changeRefs } from "../actions/change-refs.ts";
import { sign, signatureOf, webFlow } from "../actions/signature.ts";
import { readCommit, writeCommit } from "../git/commits.ts";
import { moveRef } from "../git/refs.ts";
import { entryAt, type TreeChange, writeBlob, writeTree } from "../git/trees.ts";
import { type Actor, type Hub, nodeId, type Repository, readNodeId } from "../hub.ts";
import { accountOf, findMoved, findRepository } from "../lookups.ts";
import { Problem } from "../rest/problem.ts";
import { refNodeId } from "../routes/refs.ts";
import { repositoryPage } from "../shapes/repository.ts";
import { refusal, requirePermission } from "./refusals.ts";

interface Branch {
  id?: string | null;
  repositoryNameWithOwner?: string | null;
  branchName?: string | null;
}

interface Input {
  clientMutationId?: string | null;
  branch: Branch;
  message: { headline: string; body?: string | null };
  fileChanges?: {
    additions?: { path: string; contents: string }[] | null;
    deletions?: { path: string }[] | null;
  } | null;
  expectedHeadOid: string;
}

export async function createCommitOnBranch(hub: Hub, actor: Actor, { input }: { input: Input }) {
  const { repository, ref } = findBranch(hub, input.branch);
  requirePermission(actor, "contents:write", repository);
  refuseWorkflows(actor, input);
  const oid = await changeRefs(hub, repository, accountOf(actor), async (refs) => {
    const before = refs.get(ref);
    if (!before) throw refusal("NOT_FOUND", `Could not resolve to a branch named '${ref}'.`);
    if (before !== input.expectedHeadOid) throw stale(input.expectedHeadOid);
    const after = await commit(hub, repository, actor, input);
    if (!(await moveRef(hub, repository, { ref, before, after }))) throw stale(before);
    return sign(repository, after);
  });
  const id = nodeId("C", `${repository.id}:${oid}`);
  const shown = {
    id,
    oid,
    url: `${repositoryPage(hub, repository)}/commit/${oid}`,
    message: messageOf(input),
    tree: { oid: (await readCommit(hub, repository, oid)).tree },
  };
  const name = ref.replace("refs/heads/", "");
  return {
    clientMutationId: input.clientMutationId,
    commit: shown,
    ref: { id: refNodeId(repository, ref), name, target: shown },
  };
}

function stale(expected: string) {
  return refusal(
    "STALE_DATA",
    `Expected branch to point to "${expected}" but it did not. Pull and try again.`,
  );
}

function findBranch(hub: Hub, branch: Branch): { repository: Repository; ref: string } {
  const [id, ref] = (branch.id && readNodeId("REF", branch.id)?.split(/:(.*)/)) || [];
  const [owner = "", name = ""] = branch.repositoryNameWithOwner?.split("/") ?? [];
  const repository = id
    ? hub.repositories.find((one) => String(one.id) === id)
    : (findRepository(hub, owner, name) ?? findMoved(hub, owner, name));
  const named =
    ref ?? (branch.branchName ? `refs/heads/${branch.branchName.replace("refs/heads/", "")}` : "");
  if (repository && named) return { repository, ref: named };
  throw refusal(
    "NOT_FOUND",
    "Could not resolve to a branch: name it by id, or by repository and branch name.",
  );
}

function refuseWorkflows(actor: Actor, { fileChanges }: Input): void {
  const changes = [...(fileChanges?.additions ?? []), ...(fileChanges?.deletions ?? [])];
  try {
    refuseWorkflowFiles(
      actor,
      changes.map(({ path }) => path),
    );
  } catch (error) {
    throw error instanceof Problem ? refusal("FORBIDDEN", error.message) : error;
  }
}

async function commit(hub: Hub, repository: Repository, actor: Actor, input: Input): Promise<string> {
  const { expectedHeadOid: head } = input;
  const changes = await changesOf(hub, repository, input);
  const tree = await writeTree(hub, repository, head, changes).catch((error: unknown) => {
    hub.log.warn({ err: error }, "tree refused by git");
    throw refusal("UNPROCESSABLE", "A path is not valid in a git tree.");
  });
  const author = signatureOf(actor);
  const message = messageOf(input);
  return writeCommit(hub, repository, { tree, parents: [head], message, author, committer: webFlow() });
}

async function changesOf(hub: Hub, repository: Repository, input: Input): Promise<TreeChange[]> {
  const head = input.expectedHeadOid;
  const changes: TreeChange[] = [];
  for (const { path } of input.fileChanges?.deletions ?? []) {
    const entry = await entryAt(hub, repository, head, path);
    if (entry?.type !== "blob") {
      throw refusal("UNPROCESSABLE", `A path was requested for deletion which does not exist: ${path}`);
    }
    changes.push({ path, mode: entry.mode, sha: null });
  }
  for (const { path, contents } of input.fileChanges?.additions ?? []) {
    const entry = await entryAt(hub, repository, head, path);
    // The mutation cannot set a mode, so an executable stays one and anything new is a plain file.
    const mode = entry?.mode === "100755" ? "100755" : "100644";
    changes.push({ path, mode, sha: await writeBlob(hub, repository, Buffer.from(contents, "base64")) });
  }
  return changes;
}

function messageOf({ message }: Input): string {
  return message.body ? `${message.headline}\n\n${message.body}` : message.headline;
}
