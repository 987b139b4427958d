import { roleOf } from "../access/authorize.ts";
import { type Actor, type Hub, nodeId, type Repository } from "../hub.ts";
import { fullName } from "../lookups.ts";
import { showAccount, showRights } from "./account.ts";

export function repositoryApi(hub: Hub, repository: Repository): string {
  return `${hub.url}/api/v3/repos/${fullName(repository)}`;
}

export function repositoryPage(hub: Hub, repository: Repository): string {
  return `${hub.url}/${fullName(repository)}`;
}

// Name of the field → what follows the repository's address. GitHub sends all of them, and its schema requires them.
const links = {
  archive_url: "/{archive_format}{/ref}",
  assignees_url: "/assignees{/user}",
  blobs_url: "/git/blobs{/sha}",
  branches_url: "/branches{/branch}",
  collaborators_url: "/collaborators{/collaborator}",
  comments_url: "/comments{/number}",
  commits_url: "/commits{/sha}",
  compare_url: "/compare/{base}...{head}",
  contents_url: "/contents/{+path}",
  contributors_url: "/contributors",
  deployments_url: "/deployments",
  downloads_url: "/downloads",
  events_url: "/events",
  forks_url: "/forks",
  git_commits_url: "/git/commits{/sha}",
  git_refs_url: "/git/refs{/sha}",
  git_tags_url: "/git/tags{/sha}",
  hooks_url: "/hooks",
  issue_comment_url: "/issues/comments{/number}",
  issue_events_url: "/issues/events{/number}",
  issues_url: "/issues{/number}",
  keys_url: "/keys{/key_id}",
  labels_url: "/labels{/name}",
  languages_url: "/languages",
  merges_url: "/merges",
  milestones_url: "/milestones{/number}",
  notifications_url: "/notifications{?since,all,participating}",
  pulls_url: "/pulls{/number}",
  releases_url: "/releases{/id}",
  stargazers_url: "/stargazers",
  statuses_url: "/statuses/{sha}",
  subscribers_url: "/subscribers",
  subscription_url: "/subscription",
  tags_url: "/tags",
  teams_url: "/teams",
  trees_url: "/git/trees{/sha}",
};

export function showRepository(hub: Hub, repository: Repository) {
  const api = repositoryApi(hub, repository);
  const page = repositoryPage(hub, repository);
  const open = repository.issues.filter((issue) => issue.state === "open").length;
  const forks = hub.repositories.filter(({ parent }) => parent === repository).length;
  return {
    id: repository.id,
    node_id: nodeId("R", repository.id),
    name: repository.name,
    full_name: fullName(repository),
    owner: showAccount(hub, repository.owner),
    private: repository.private,
    visibility: repository.private ? "private" : "public",
    html_url: page,
    description: null,
    fork: repository.parent !== undefined,
    url: api,
    ...Object.fromEntries(Object.entries(links).map(([name, rest]) => [name, `${api}${rest}`])),
    git_url: `git://${new URL(hub.url).host}/${fullName(repository)}.git`,
    ssh_url: `git@${new URL(hub.url).hostname}:${fullName(repository)}.git`,
    clone_url: `${page}.git`,
    svn_url: page,
    mirror_url: null,
    homepage: null,
    language: null,
    license: null,
    topics: [],
    size: 0,
    ...counts(open, forks),
    ...switches,
    archived: repository.archived,
    default_branch: repository.defaultBranch,
    created_at: repository.createdAt,
    updated_at: repository.updatedAt,
    pushed_at: repository.pushedAt,
  };
}

function counts(open: number, forks: number) {
  return {
    forks,
    forks_count: forks,
    stargazers_count: 0,
    watchers: 0,
    watchers_count: 0,
    open_issues: open,
    open_issues_count: open,
  };
}

const switches = {
  has_issues: true,
  has_projects: false,
  has_wiki: false,
  has_pages: false,
  has_downloads: false,
  has_discussions: false,
  disabled: false,
  is_template: false,
  allow_forking: true,
  web_commit_signoff_required: false,
};

/** GitHub's "full repository", with what the asking person or token may do. */
export function showFullRepository(hub: Hub, repository: Repository, actor: Actor) {
  const role = actor.kind === "user" ? roleOf(repository, actor.account) : "read";
  return {
    ...showRepository(hub, repository),
    ...(repository.parent && {
      parent: showRepository(hub, repository.parent),
      source: showRepository(hub, repository.parent),
    }),
    network_count: 0,
    subscribers_count: 0,
    permissions: showRights(role),
    allow_merge_commit: true,
    allow_squash_merge: true,
    allow_rebase_merge: true,
    allow_auto_merge: false,
    delete_branch_on_merge: false,
  };
}
