// What a workflow of a repository may do and may be called. See also `shared/repository-tools.ts`.
import { z } from "zod";
import type { Fault } from "../../shared/check-workflow.ts";
import { isAllowedForRepositories, repositoryTools } from "../../shared/repository-tools.ts";

/** What somebody else has already. */
export type Taken = { names: Set<string>; labels: Set<string>; commands: Set<string> };

const text = z.string().optional().catch(undefined);
const Loose = z
  .looseObject({
    name: text,
    on: z.looseObject({ label: text, command: text }).catch({ label: undefined, command: undefined }),
    steps: z
      .array(z.looseObject({ tool: text, until: text }).catch({ tool: undefined, until: undefined }))
      .catch([]),
  })
  .catch({ name: undefined, on: { label: undefined, command: undefined }, steps: [] });

/** Gives what a repository's definition may not have. It need not be valid otherwise. */
export function checkRepositoryWorkflow(definition: unknown, taken: Taken): Fault[] {
  const { name, on, steps } = Loose.parse(definition);
  const claims: [string[], string | undefined, Set<string>][] = [
    [["name"], name, taken.names],
    [["on", "label"], on.label, taken.labels],
    [["on", "command"], on.command, taken.commands],
  ];
  return [
    ...claims
      .filter(([, value, known]) => value !== undefined && known.has(value))
      .map(([path, value]) => ({ path, message: `\`${value}\` is taken. Choose another ${path.at(-1)}.` })),
    ...steps.flatMap(({ tool, until }, index) => [
      ...checkTool(["steps", index, "tool"], tool),
      ...checkTool(["steps", index, "until"], until),
    ]),
  ];
}

/** The trigger that a definition means to have, also where it is broken. */
export function triggersIn(definition: unknown): { label?: string; command?: string } {
  const { label, command } = Loose.parse(definition).on;
  return { label, command };
}

function checkTool(path: PropertyKey[], tool: string | undefined): Fault[] {
  if (tool === undefined || isAllowedForRepositories(tool)) return [];
  const allowed = [...repositoryTools].map((name) => `\`${name}\``).join(", ");
  return [{ path, message: `workflows of a repository may not use \`${tool}\`. They may use ${allowed}.` }];
}
