// People, Apps and where the Apps are installed.
import { randomBytes } from "node:crypto";
import { addApp } from "../actions/add-app.ts";
import { emitInstallation, installApp, showBriefly } from "../actions/install-app.ts";
import { emitToApp } from "../events/emit.ts";
import { type Account, type App, type Hub, type Installation, now, type Repository } from "../hub.ts";
import { addAccount, covers, findAccount, repositoriesOf } from "../lookups.ts";
import { Problem } from "../rest/problem.ts";
import { showInstallation } from "../shapes/installation.ts";
import type { Control, ControlRequest } from "./control.ts";
import {
  acceptedPermissions,
  appUpdate,
  installationUpdate,
  newApp,
  newInstallation,
  newUser,
  suspension,
  teamMember,
} from "./inputs.ts";

export const appControls: Control[] = [
  { method: "POST", path: "/users", handler: createUser },
  { method: "PUT", path: "/teams/:owner/:slug/members/:login", handler: addToTeam },
  { method: "POST", path: "/apps", handler: createApp },
  { method: "PATCH", path: "/apps/:id", handler: updateApp },
  { method: "POST", path: "/installations", handler: install },
  { method: "PATCH", path: "/installations/:id", handler: changeInstallation },
  { method: "DELETE", path: "/installations/:id", handler: uninstall },
  { method: "PUT", path: "/installations/:id/suspension", handler: setSuspension },
  { method: "PUT", path: "/installations/:id/permissions", handler: acceptPermissions },
];

function createUser({ hub, input }: ControlRequest) {
  const { login, type } = input(newUser);
  const existing = findAccount(hub, login);
  if (existing) throw new Problem(422, `There is an account ${login} already. Take another login.`);
  const account = addAccount(hub, login, type);
  const token = `ghp_${randomBytes(18).toString("hex")}`;
  hub.tokens.set(token, { kind: "user", account });
  return { id: account.id, login, token };
}

/** Puts a person into a team, which is made when there is none of that name. */
function addToTeam({ hub, param, input }: ControlRequest) {
  const owner = ownerNamed(hub, param("owner"));
  const person = findAccount(hub, param("login"));
  if (!person) throw new Problem(404, `There is no user ${param("login")}. Create it first.`);
  const known = hub.teams.find((team) => team.owner === owner && team.slug === param("slug"));
  const team = known ?? { owner, slug: param("slug"), members: new Map() };
  if (!known) hub.teams.push(team);
  team.members.set(person.id, input(teamMember).state);
}

/** The account of that login; an organisation of that name is founded when there is none. */
export function ownerNamed(hub: Hub, login: string): Account {
  return findAccount(hub, login) ?? addAccount(hub, login, "Organization");
}

async function createApp({ hub, input }: ControlRequest) {
  const { app, privateKey } = await addApp(hub, { ...input(newApp), owner: ownerNamed(hub, "app-owner") });
  return {
    id: app.id,
    slug: app.slug,
    clientId: app.clientId,
    privateKey,
    webhookSecret: app.webhookSecret,
  };
}

function appNamed(hub: Hub, id: number): App {
  const app = hub.apps.find((one) => one.id === id);
  if (!app) throw new Problem(404, `There is no App with the id ${id}.`);
  return app;
}

function updateApp({ hub, param, input }: ControlRequest) {
  const app = appNamed(hub, Number(param("id")));
  app.webhookUrl = input(appUpdate).webhookUrl;
}

function install({ hub, input }: ControlRequest) {
  const { appId, owner, repositories } = input(newInstallation);
  const account = ownerNamed(hub, owner);
  const repositoryIds = idsOf(hub, account, repositories);
  return { id: installApp(hub, appNamed(hub, appId), { account, repositoryIds }).id };
}

function idsOf(hub: Hub, owner: Account, names: "all" | string[]): Set<number> | undefined {
  if (names === "all") return undefined;
  const ids = names.map((name) => {
    const found = hub.repositories.find((one) => one.owner === owner && one.name === name);
    if (!found) throw new Problem(422, `There is no repository ${owner.login}/${name}. Create it first.`);
    return found.id;
  });
  return new Set(ids);
}

function installationIn({ hub, param }: ControlRequest): Installation {
  const found = hub.installations.find(({ id }) => String(id) === param("id"));
  if (!found) throw new Problem(404, `There is no installation with the id ${param("id")}.`);
  return found;
}

function changeInstallation(request: ControlRequest) {
  const { hub } = request;
  const installation = installationIn(request);
  const before = repositoriesOf(hub, installation);
  const { repositories } = request.input(installationUpdate);
  installation.repositoryIds = idsOf(hub, installation.account, repositories);
  const after = repositoriesOf(hub, installation);
  repositoriesChanged(hub, installation, {
    added: after.filter((one) => !before.includes(one)),
    removed: before.filter((one) => !after.includes(one)),
  });
}

/** Tells an App which repositories its installation reaches from now on, and which no longer. */
export function repositoriesChanged(
  hub: Hub,
  installation: Installation,
  { added, removed }: { added: Repository[]; removed: Repository[] },
): void {
  for (const action of ["added", "removed"]) {
    if ((action === "added" ? added : removed).length === 0) continue;
    const payload = {
      installation: showInstallation(hub, installation),
      repository_selection: installation.repositoryIds ? "selected" : "all",
      repositories_added: action === "added" ? added.map(showBriefly) : [],
      repositories_removed: action === "removed" ? removed.map(showBriefly) : [],
      requester: null,
    };
    emitToApp(hub, installation, { event: "installation_repositories", action, payload });
  }
}

/** The installations that reach a repository. */
export function installationsOn(hub: Hub, repository: Repository): Installation[] {
  return hub.installations.filter((installation) => covers(installation, repository));
}

function setSuspension(request: ControlRequest) {
  const installation = installationIn(request);
  const { suspended } = request.input(suspension);
  installation.suspendedAt = suspended ? now() : null;
  emitInstallation(request.hub, installation, suspended ? "suspend" : "unsuspend");
}

function acceptPermissions(request: ControlRequest) {
  const installation = installationIn(request);
  const { permissions } = request.input(acceptedPermissions);
  installation.app.permissions = { ...permissions, metadata: permissions.metadata ?? "read" };
  emitInstallation(request.hub, installation, "new_permissions_accepted");
}

function uninstall(request: ControlRequest) {
  const { hub } = request;
  const installation = installationIn(request);
  emitInstallation(hub, installation, "deleted");
  hub.installations = hub.installations.filter((other) => other !== installation);
  for (const [value, token] of hub.tokens) {
    if (token.kind === "installation" && token.installation === installation) hub.tokens.delete(value);
  }
}
