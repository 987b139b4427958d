import { commandNames } from "../shared/workflow-starts.ts";
import type { AppDeps } from "./deps.ts";
import type { ConfigNames } from "./doubtful-config.ts";
import { commandRoles } from "./policy/command-roles.ts";
import type { RepositoryWorkflows } from "./repository-workflows.ts";

/** What a repository's configuration may name: AFU-9's own commands and workflows, and those of the repository. */
export async function configNames(
  context: Parameters<RepositoryWorkflows["of"]>[0],
  deps: Pick<AppDeps, "workflows" | "repositoryWorkflows">,
): Promise<ConfigNames> {
  const { workflows } = await deps.repositoryWorkflows.of(context);
  const definitions = [...deps.workflows, ...workflows].map(({ definition }) => definition);
  return {
    workflows: definitions.map(({ name }) => name),
    commands: [...Object.keys(commandRoles), ...definitions.flatMap(({ on }) => commandNames(on))],
  };
}
