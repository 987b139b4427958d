// A typed client for the control API, for the demo and the tests; GitHub's own API is spoken by Octokit.
import { Octokit } from "octokit";
import type { z } from "zod";
import type {
  acceptedPermissions,
  appUpdate,
  click,
  collaborator,
  endedRun,
  installationUpdate,
  limitUpdate,
  newApp,
  newFault,
  newInstallation,
  newRepository,
  newUser,
  newWorkflowRun,
  repositoryUpdate,
  teamMember,
} from "./control/inputs.ts";
import type { RepositoryDetails } from "./control/repositories.ts";
import type { Fault, Limits, RequestRecord } from "./observed.ts";

export type { RepositoryDetails } from "./control/repositories.ts";

export interface NewlyMadeApp {
  id: number;
  slug: string;
  clientId: string;
  /** PEM */
  privateKey: string;
  webhookSecret: string;
}

export interface NewlyMadeRepository {
  id: number;
  full_name: string;
  default_branch: string;
  html_url: string;
  clone_url: string;
  /** The bare repository on disk. */
  path: string;
}

/** Speaks to a local GitHub. Every method throws with the server's own words when it refuses. */
export function connectGitHub(url: string) {
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${url}/_local${path}`, {
      method,
      headers: { "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as T & { message?: string };
    if (response.ok) return answer;
    throw new Error(`The local GitHub refused ${method} ${path}: ${answer.message}`);
  };

  return {
    url,
    apiUrl: `${url}/api/v3`,
    /** An Octokit that acts with the token. It neither waits nor retries: a test wants to see the first answer. */
    as: (token: string) =>
      new Octokit({
        auth: token,
        baseUrl: `${url}/api/v3`,
        throttle: { enabled: false },
        retry: { enabled: false },
      }),
    createUser: (user: z.input<typeof newUser>) =>
      call<{ id: number; login: string; token: string }>("POST", "/users", user),
    createApp: (app: z.input<typeof newApp>) => call<NewlyMadeApp>("POST", "/apps", app),
    updateApp: (id: number, update: z.input<typeof appUpdate>) => call<void>("PATCH", `/apps/${id}`, update),
    createRepository: (repository: z.input<typeof newRepository>) =>
      call<NewlyMadeRepository>("POST", "/repositories", repository),
    /** Everything about `owner/name`, for assertions. */
    repository: (fullName: string) => call<RepositoryDetails>("GET", `/repositories/${fullName}`),
    setCollaborator: (fullName: string, login: string, role: z.input<typeof collaborator>["role_name"]) =>
      call<void>("PUT", `/repositories/${fullName}/collaborators/${login}`, { role_name: role }),
    /** Puts a person into `organisation/team`, which is made when there is none of that name. */
    addToTeam: (team: string, login: string, member: z.input<typeof teamMember> = {}) =>
      call<void>("PUT", `/teams/${team}/members/${login}`, member),
    install: (installation: z.input<typeof newInstallation>) =>
      call<{ id: number }>("POST", "/installations", installation),
    changeInstallation: (id: number, update: z.input<typeof installationUpdate>) =>
      call<void>("PATCH", `/installations/${id}`, update),
    uninstall: (id: number) => call<void>("DELETE", `/installations/${id}`),
    /** The owner suspends the installation, or lets it act again. */
    suspend: (id: number, suspended = true) =>
      call<void>("PUT", `/installations/${id}/suspension`, { suspended }),
    /** The owner agrees with what the App asks for anew. */
    acceptPermissions: (id: number, permissions: z.input<typeof acceptedPermissions>["permissions"]) =>
      call<void>("PUT", `/installations/${id}/permissions`, { permissions }),
    /** The owner renames a repository, gives it away, archives it, or changes who sees it. */
    changeRepository: (fullName: string, update: z.input<typeof repositoryUpdate>) =>
      call<void>("PATCH", `/repositories/${fullName}`, update),
    deleteRepository: (fullName: string) => call<void>("DELETE", `/repositories/${fullName}`),
    /** An account gives itself another login; its repositories are called anew with it. */
    renameAccount: (login: string, to: string) => call<void>("PATCH", `/users/${login}`, { login: to }),
    /** A run of GitHub Actions, with what its jobs logged. */
    addWorkflowRun: (fullName: string, run: z.input<typeof newWorkflowRun>) =>
      call<{ id: number }>("POST", `/repositories/${fullName}/workflow-runs`, run),
    /** Ends a run that is queued again. */
    endWorkflowRun: (fullName: string, id: number, ended: z.input<typeof endedRun>) =>
      call<void>("POST", `/repositories/${fullName}/workflow-runs/${id}/end`, ended),
    /** Waits until every webhook that was sent has been answered. */
    settleWebhooks: () => call<void>("POST", "/webhooks/settle", {}),
    requests: () => call<RequestRecord[]>("GET", "/requests"),
    forgetRequests: () => call<void>("DELETE", "/requests"),
    /** Each with how many times it will still be played. */
    faults: () => call<Fault[]>("GET", "/faults"),
    addFault: (fault: z.input<typeof newFault>) => call<void>("POST", "/faults", fault),
    clearFaults: () => call<void>("DELETE", "/faults"),
    setLimits: (limits: z.input<typeof limitUpdate>) => call<Limits>("PUT", "/limits", limits),
    /** A person clicks "Re-run" (`rerequest`), "Re-run all checks" (`rerequest-all`) or one of the check run's own buttons. */
    clickCheckRun: (id: number, press: z.input<typeof click>) =>
      call<void>("POST", `/check-runs/${id}/click`, press),
  };
}

export type GitHubClient = ReturnType<typeof connectGitHub>;
