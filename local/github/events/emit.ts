// Decides which Apps hear of an event, and writes the payload down as it is at this moment.
import { randomUUID } from "node:crypto";
import { type Account, type App, type Hub, type Installation, nodeId, type Repository } from "../hub.ts";
import { covers } from "../lookups.ts";
import { showAccount } from "../shapes/account.ts";
import { showRepository } from "../shapes/repository.ts";
import { enqueueDelivery } from "./deliver.ts";

export interface RepositoryEvent {
  event: string;
  action?: string;
  repository: Repository;
  sender: Account;
  /** What the payload has beyond action, repository, sender and installation. */
  payload: Record<string, unknown>;
  /** Clicks on a check run reach only the App that made it. */
  onlyTo?: App;
}

/** Sends the event to every App that subscribes to it and is installed on the repository. */
export function emit(hub: Hub, event: RepositoryEvent): void {
  for (const installation of hub.installations) {
    const { app } = installation;
    if (event.onlyTo && event.onlyTo !== app) continue;
    if (!app.events.includes(event.event) || !covers(installation, event.repository)) continue;
    enqueueDelivery(hub, {
      app,
      guid: randomUUID(),
      event: event.event,
      action: event.action ?? null,
      installationId: installation.id,
      repositoryId: event.repository.id,
      body: JSON.stringify({
        ...(event.action ? { action: event.action } : {}),
        ...event.payload,
        repository: showRepository(hub, event.repository),
        ...organization(hub, event.repository.owner),
        sender: showAccount(hub, event.sender),
        installation: { id: installation.id, node_id: nodeId("IN", installation.id) },
      }),
    });
  }
}

/** What a payload says of an owner that is an organisation. */
export function organization(hub: Hub, owner: Account) {
  if (owner.type !== "Organization") return {};
  const api = `${hub.url}/api/v3/orgs/${owner.login}`;
  const { login, id, node_id, avatar_url } = showAccount(hub, owner);
  const links = {
    url: api,
    repos_url: `${api}/repos`,
    events_url: `${api}/events`,
    hooks_url: `${api}/hooks`,
    issues_url: `${api}/issues`,
    members_url: `${api}/members{/member}`,
    public_members_url: `${api}/public_members{/member}`,
  };
  return { organization: { login, id, node_id, ...links, avatar_url, description: null } };
}

/** Every App hears about its own installations, subscribed or not. */
export function emitToApp(
  hub: Hub,
  installation: Installation,
  { event, action, payload }: { event: string; action: string; payload: Record<string, unknown> },
): void {
  enqueueDelivery(hub, {
    app: installation.app,
    guid: randomUUID(),
    event,
    action,
    installationId: installation.id,
    repositoryId: null,
    body: JSON.stringify({ action, ...payload, sender: showAccount(hub, installation.account) }),
  });
}
