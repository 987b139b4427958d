import type { Commit } from "../git/commits.ts";
import { type ChangedFile, changedFiles } from "../git/diff.ts";
import { type Hub, nodeId, type Repository } from "../hub.ts";
import { accountOfSignature, showAccount } from "./account.ts";
import { repositoryApi, repositoryPage } from "./repository.ts";

/** A commit of the Git database API. */
export function showGitCommit(hub: Hub, repository: Repository, commit: Commit) {
  const api = repositoryApi(hub, repository);
  const page = repositoryPage(hub, repository);
  return {
    sha: commit.sha,
    node_id: nodeId("C", `${repository.id}:${commit.sha}`),
    url: `${api}/git/commits/${commit.sha}`,
    html_url: `${page}/commit/${commit.sha}`,
    author: commit.author,
    committer: commit.committer,
    tree: { sha: commit.tree, url: `${api}/git/trees/${commit.tree}` },
    message: commit.message,
    parents: commit.parents.map((sha) => ({
      sha,
      url: `${api}/git/commits/${sha}`,
      html_url: `${page}/commit/${sha}`,
    })),
    verification: verification(repository, commit),
  };
}

/** A commit as the repository's history shows it. */
export function showCommit(hub: Hub, repository: Repository, commit: Commit) {
  const api = repositoryApi(hub, repository);
  const git = showGitCommit(hub, repository, commit);
  const author = accountOfSignature(hub, commit.author);
  const committer = accountOfSignature(hub, commit.committer);
  return {
    sha: commit.sha,
    node_id: git.node_id,
    commit: {
      author: commit.author,
      committer: commit.committer,
      message: commit.message,
      tree: git.tree,
      url: git.url,
      comment_count: 0,
      verification: git.verification,
    },
    url: `${api}/commits/${commit.sha}`,
    html_url: git.html_url,
    comments_url: `${api}/commits/${commit.sha}/comments`,
    author: author ? showAccount(hub, author) : null,
    committer: committer ? showAccount(hub, committer) : null,
    parents: git.parents.map((parent) => ({ ...parent, url: `${api}/commits/${parent.sha}` })),
  };
}

/** The same with statistics and files. */
export async function showCommitWithFiles(hub: Hub, repository: Repository, commit: Commit) {
  const files = await changedFiles(hub, repository, commit.parents[0], commit.sha);
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return {
    ...showCommit(hub, repository, commit),
    stats: { total: additions + deletions, additions, deletions },
    files: files.map((file) => showFile(hub, repository, commit.sha, file)),
  };
}

// There is no signing key here: the answer is what GitHub, which has one, says of such a commit.
function verification(repository: Repository, commit: Commit) {
  if (!repository.signedCommits.has(commit.sha)) {
    return { verified: false, reason: "unsigned", signature: null, payload: null, verified_at: null };
  }
  const signature = "-----BEGIN PGP SIGNATURE-----\n\nlocal\n-----END PGP SIGNATURE-----\n";
  const payload = `tree ${commit.tree}\n`;
  return { verified: true, reason: "valid", signature, payload, verified_at: commit.committer.date };
}

export function showFile(hub: Hub, repository: Repository, sha: string, file: ChangedFile) {
  const path = file.filename.split("/").map(encodeURIComponent).join("/");
  const page = repositoryPage(hub, repository);
  return {
    sha: file.sha,
    filename: file.filename,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${page}/blob/${sha}/${path}`,
    raw_url: `${page}/raw/${sha}/${path}`,
    contents_url: `${repositoryApi(hub, repository)}/contents/${path}?ref=${sha}`,
    ...(file.patch === undefined ? {} : { patch: file.patch }),
    ...(file.previousFilename === undefined ? {} : { previous_filename: file.previousFilename }),
  };
}
