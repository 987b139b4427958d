import { emitToApp } from "../events/emit.ts";
import { type App, type Hub, type Installation, nodeId, now, type Repository } from "../hub.ts";
import { fullName, repositoriesOf } from "../lookups.ts";
import { showInstallation } from "../shapes/installation.ts";

/** Installs an App on an account, for all of its repositories or for some, and tells the App. */
export function installApp(
  hub: Hub,
  app: App,
  where: Pick<Installation, "account" | "repositoryIds">,
): Installation {
  const installation: Installation = { id: hub.nextId(), app, ...where, createdAt: now(), suspendedAt: null };
  hub.installations.push(installation);
  emitInstallation(hub, installation, "created");
  return installation;
}

type InstallationAction = "created" | "deleted" | "suspend" | "unsuspend" | "new_permissions_accepted";

export function emitInstallation(hub: Hub, installation: Installation, action: InstallationAction): void {
  const payload = {
    installation: showInstallation(hub, installation),
    repositories: repositoriesOf(hub, installation).map(showBriefly),
    requester: null,
  };
  emitToApp(hub, installation, { event: "installation", action, payload });
}

export function showBriefly(repository: Repository) {
  const { id, name } = repository;
  return { id, node_id: nodeId("R", id), name, full_name: fullName(repository), private: repository.private };
}
