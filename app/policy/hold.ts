import type { Context } from "probot";
import type { Database } from "../../shared/db.ts";
import { Refusal } from "../../shared/errors.ts";
import { unlessGone } from "../../shared/unless-gone.ts";
import { type Labelled, labelsOf } from "../labels-of.ts";
import { onHold } from "../replies/starts.ts";
import type { RepositoryConfigs } from "../repository-configs.ts";

type Names = { labels: { hold: string } };

/** Throws a `Refusal` while an issue or a pull request has the label that lets nothing begin or go on there. */
export function requireNoHold(issue: Labelled, { labels }: Names): void {
  if (labelsOf(issue).has(labels.hold.toLowerCase())) throw new Refusal(onHold(labels.hold));
}

type Asking = Parameters<RepositoryConfigs["of"]>[0] &
  Pick<Context, "octokit"> & { repo(): { owner: string; repo: string } };

/**
 * Throws a `Refusal` while the issue that an execution works on, or the place where somebody lets it go on, has that label.
 * The pull request that it opened is another place than its issue. GitHub is asked now; what is gone holds nothing.
 */
export async function requireNoHoldOn(
  { execution, place }: { execution: string; place: number },
  { context, deps }: { context: Asking; deps: { db: Database; configs: RepositoryConfigs } },
): Promise<void> {
  const { issueNumber } = await deps.db.prisma.workflowExecution.findUniqueOrThrow({
    where: { id: execution },
  });
  const config = await deps.configs.of(context);
  for (const issue_number of new Set([place, issueNumber])) {
    const found = await unlessGone(context.octokit.rest.issues.get({ ...context.repo(), issue_number }));
    if (found) requireNoHold(found.data, config);
  }
}
