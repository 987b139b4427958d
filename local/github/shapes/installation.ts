import type { Hub, Installation } from "../hub.ts";
import { nodeId } from "../hub.ts";
import { showAccount } from "./account.ts";

export function showInstallation(hub: Hub, installation: Installation) {
  const { app, account } = installation;
  const api = `${hub.url}/api/v3`;
  return {
    id: installation.id,
    node_id: nodeId("IN", installation.id),
    account: showAccount(hub, account),
    repository_selection: installation.repositoryIds ? "selected" : "all",
    access_tokens_url: `${api}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${api}/installation/repositories`,
    html_url: `${hub.url}/organizations/${account.login}/settings/installations/${installation.id}`,
    app_id: app.id,
    client_id: app.clientId,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: app.permissions,
    events: app.events,
    created_at: installation.createdAt,
    updated_at: installation.createdAt,
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: null,
    suspended_at: installation.suspendedAt,
  };
}
