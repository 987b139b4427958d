// What owners do with what they own: rename it, give it away, archive it, delete it, rename themselves.
import { emit, emitToApp, organization } from "../events/emit.ts";
import type { Account, Hub, Repository } from "../hub.ts";
import { findAccount, findRepository, fullName } from "../lookups.ts";
import { Problem } from "../rest/problem.ts";
import { showAccount } from "../shapes/account.ts";
import { installationsOn, ownerNamed, repositoriesChanged } from "./apps.ts";
import type { Control, ControlRequest } from "./control.ts";
import { newLogin, repositoryUpdate } from "./inputs.ts";
import { repositoryIn } from "./repositories.ts";

export const moveControls: Control[] = [
  { method: "PATCH", path: "/repositories/:owner/:repo", handler: changeRepository },
  { method: "DELETE", path: "/repositories/:owner/:repo", handler: deleteRepository },
  { method: "PATCH", path: "/users/:login", handler: renameAccount },
];

function changeRepository({ hub, param, input }: ControlRequest): void {
  const repository = repositoryIn(hub, param);
  const wanted = input(repositoryUpdate);
  if (wanted.name) rename(hub, repository, wanted.name);
  if (wanted.owner) transfer(hub, repository, ownerNamed(hub, wanted.owner));
  if (wanted.archived !== undefined) {
    repository.archived = wanted.archived;
    tell(hub, repository, wanted.archived ? "archived" : "unarchived");
  }
  if (wanted.private !== undefined) {
    repository.private = wanted.private;
    tell(hub, repository, wanted.private ? "privatized" : "publicized");
  }
}

function tell(hub: Hub, repository: Repository, action: string, payload: Record<string, unknown> = {}): void {
  emit(hub, { event: "repository", action, repository, sender: repository.owner, payload });
}

function rename(hub: Hub, repository: Repository, name: string): void {
  const from = repository.name;
  move(hub, repository, { name });
  tell(hub, repository, "renamed", { changes: { repository: { name: { from } } } });
}

/** The old owner's installations lose it; the new owner's, where they take all repositories, gain it. */
function transfer(hub: Hub, repository: Repository, owner: Account): void {
  const from = repository.owner;
  const before = installationsOn(hub, repository);
  move(hub, repository, { owner });
  for (const installation of before)
    repositoriesChanged(hub, installation, { added: [], removed: [repository] });
  for (const installation of installationsOn(hub, repository))
    repositoriesChanged(hub, installation, { added: [repository], removed: [] });
  const formerOwner =
    from.type === "Organization" ? organization(hub, from) : { user: showAccount(hub, from) };
  tell(hub, repository, "transferred", { changes: { owner: { from: formerOwner } } });
}

function move(hub: Hub, repository: Repository, to: Partial<Pick<Repository, "name" | "owner">>): void {
  const { owner, name } = { ...repository, ...to };
  if (findRepository(hub, owner.login, name))
    throw new Problem(422, `There is a repository ${owner.login}/${name} already.`);
  repository.formerNames.add(fullName(repository).toLowerCase());
  Object.assign(repository, to);
}

function deleteRepository({ hub, param }: ControlRequest): void {
  const repository = repositoryIn(hub, param);
  tell(hub, repository, "deleted");
  hub.repositories = hub.repositories.filter((other) => other !== repository);
}

/** Its repositories are called anew with it. */
function renameAccount({ hub, param, input }: ControlRequest): void {
  const account = findAccount(hub, param("login"));
  if (!account) throw new Problem(404, `There is no account ${param("login")}.`);
  const { login } = input(newLogin);
  if (findAccount(hub, login)) throw new Problem(422, `There is an account ${login} already.`);
  const from = account.login;
  for (const repository of hub.repositories)
    if (repository.owner === account) repository.formerNames.add(fullName(repository).toLowerCase());
  hub.accounts.delete(from.toLowerCase());
  account.login = login;
  hub.accounts.set(login.toLowerCase(), account);
  for (const installation of hub.installations) {
    if (installation.account !== account) continue;
    const payload = {
      account: showAccount(hub, account),
      changes: { login: { from } },
      target_type: account.type,
      installation: { id: installation.id, node_id: `IN_${installation.id}` },
    };
    emitToApp(hub, installation, { event: "installation_target", action: "renamed", payload });
  }
}
