import type { Signature } from "../git/commits.ts";
import { type Account, type App, type Hub, nodeId, type Repository } from "../hub.ts";
import { emailOf } from "../lookups.ts";

const prefixes = { User: "U", Organization: "O", Bot: "BOT" };

/** GitHub's "simple user". */
export function showAccount(hub: Hub, account: Account) {
  const api = `${hub.url}/api/v3/users/${encodeURIComponent(account.login)}`;
  return {
    login: account.login,
    id: account.id,
    node_id: nodeId(prefixes[account.type], account.id),
    avatar_url: `${hub.url}/avatars/${account.id}`,
    gravatar_id: "",
    url: api,
    html_url: `${hub.url}/${account.login.replace(/^(.*)\[bot\]$/, "apps/$1")}`,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type: account.type,
    site_admin: false,
    user_view_type: "public",
  };
}

/** GitHub's "public user". */
export function showProfile(hub: Hub, account: Account) {
  return {
    ...showAccount(hub, account),
    name: account.login,
    company: null,
    blog: "",
    location: null,
    email: emailOf(account),
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: account.createdAt,
    updated_at: account.createdAt,
  };
}

export function showApp(hub: Hub, app: App) {
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId("A", app.id),
    client_id: app.clientId,
    owner: showAccount(hub, app.owner),
    name: app.name,
    description: null,
    external_url: app.externalUrl ?? `${hub.url}/apps/${app.slug}`,
    html_url: `${hub.url}/apps/${app.slug}`,
    created_at: app.createdAt,
    updated_at: app.createdAt,
    permissions: app.permissions,
    events: app.events,
  };
}

/** Who a commit is by, when its address is one that this GitHub gave out. */
export function accountOfSignature(hub: Hub, { email }: Signature): Account | undefined {
  return [...hub.accounts.values()].find((account) => emailOf(account) === email);
}

export function associationOf(repository: Repository, account: Account): string {
  if (account.id === repository.owner.id) return "OWNER";
  return repository.collaborators.has(account.id) ? "COLLABORATOR" : "NONE";
}

/** The permissions that an actor has in a repository, as the booleans of a repository's `permissions`. */
export function showRights(role: string | undefined) {
  const order = ["read", "triage", "write", "maintain", "admin"];
  const rank = order.indexOf(role ?? "");
  return { pull: rank >= 0, triage: rank >= 1, push: rank >= 2, maintain: rank >= 3, admin: rank >= 4 };
}
