import type { Octokit } from "@octokit/core";
import { ProbotOctokit } from "probot";
import { createConditionalFetch } from "../shared/conditional-fetch.ts";
import { redactTexts, retryOnlyReads } from "../shared/github.ts";
import type { GitHubBudget } from "../shared/github-budget.ts";
import type { Redact } from "../shared/redact.ts";

/** Probot's client, which keeps to the budget that all processes share. Without it Probot would wait and send by itself. */
export function budgetedOctokit(budget: GitHubBudget, redact?: Redact): typeof ProbotOctokit {
  function keepToBudget(octokit: Octokit, { auth }: { auth?: unknown }): void {
    const { installationId } = Object(auth) as { installationId?: unknown };
    if (typeof installationId !== "number") return;
    octokit.hook.wrap("request", (request, asked) =>
      budget.spend(
        { installation: installationId, request: asked, signal: asked.request?.signal },
        async () => request(asked),
      ),
    );
  }
  const fetchFor = createConditionalFetch();
  // What one token may see is no answer for another.
  const conditionalFetch: typeof fetch = (input, init) =>
    fetchFor(new Headers(init?.headers).get("authorization") ?? "")(input, init);
  return ProbotOctokit.plugin(retryOnlyReads, redactTexts(redact), keepToBudget).defaults({
    request: { fetch: conditionalFetch },
    throttle: { onRateLimit: () => false, onSecondaryRateLimit: () => false },
    // Octokit's own list, and a limit's refusal.
    retry: { doNotRetry: [400, 401, 403, 404, 410, 422, 429, 451] },
  });
}
