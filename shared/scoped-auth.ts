// How a client gets its token for one repository. Octokit's own strategy, given the installation alone, hands a token that
// is just being asked for to every client of that installation, whatever repository and permissions it was asked for.
import { setTimeout } from "node:timers/promises";
import { createAppAuth, type StrategyOptions } from "@octokit/auth-app";
import type { GitHubBudget } from "./github-budget.ts";

export type Permissions = Record<string, "read" | "write">;

/**
 * One repository of one installation, and what may be done with it. Without a repository it is all that the installation
 * reaches: to list them, and for nothing else.
 */
export type TokenScope = { installation: number; repo: string | null; permissions: Permissions };

type Hook = ReturnType<typeof createAppAuth>["hook"];
type Options = Extract<Parameters<Hook>[1], object>;

/** A new token is not known everywhere at once: within this time of its making, a 401 may pass. */
const spreadsWithinMs = 5_000;

/**
 * An authentication strategy of Octokit for clients with this scope. It is the last that sees a request before it is sent,
 * so that it asks the budget first: for a token too, which would be of no use while nothing may be sent.
 */
export function createScopedAuth({ installation, repo, permissions }: TokenScope, budget: GitHubBudget) {
  return (options: StrategyOptions) => {
    const asApp = createAppAuth(options);
    const repositories = repo === null ? {} : { repositoryNames: [repo] };
    const scope = { installationId: installation, ...repositories, permissions };
    const getToken = () => asApp({ type: "installation", ...scope });

    async function hook(request: Parameters<Hook>[0], asked: Options) {
      if (isTokenRequest(asked)) return asApp.hook(request, asked);
      const spending = { installation, request: asked, signal: asked.request?.signal };
      return budget.spend(spending, () => send(request, asked));
    }
    async function send(request: Parameters<Hook>[0], asked: Options) {
      const { token, createdAt } = await getToken();
      const headers = { ...asked.headers, authorization: `token ${token}` };
      while (true) {
        try {
          return await request({ ...asked, headers });
        } catch (error) {
          // Octokit would try again what was taken back, if it took it for a fault of GitHub.
          asked.request?.signal?.throwIfAborted();
          const isNew = Date.now() - Date.parse(createdAt) < spreadsWithinMs;
          if ((error as { status?: number }).status !== 401 || !isNew) throw error;
          await setTimeout(1_000, undefined, { signal: asked.request?.signal });
        }
      }
    }
    return Object.assign(getToken, { hook });
  };
}

/** A request for a token is made as the App. */
export function isTokenRequest({ url }: { url: string }): boolean {
  return url === "/app/installations/{installation_id}/access_tokens";
}
