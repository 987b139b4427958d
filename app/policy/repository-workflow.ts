// What a workflow of a repository may do and may be called. See also `shared/repository-tools.ts`.
import { z } from "zod";
import type { Fault } from "../../shared/check-workflow.ts";
import { isAllowedForRepositories, repositoryTools } from "../../shared/repository-tools.ts";
import { type StartEvent, startEvents } from "../../shared/workflow-starts.ts";

/** What somebody else has already. */
export type Taken = {
  names: Set<string>;
  labels: Set<string>;
  commands: Set<string>;
  /** One delivery starts one execution, so an event has one workflow. */
  events: Set<StartEvent>;
};

const text = z.string().optional().catch(undefined);
/** The words of a command, however it is written. */
const words = z
  .union([
    z.string().transform((name) => [name]),
    z
      .looseObject({ name: z.string(), aliases: z.array(z.string()).catch([]) })
      .transform(({ name, aliases }) => [name, ...aliases]),
  ])
  .catch([]);
const nothing = { label: undefined, command: [] };
const Loose = z
  .looseObject({
    name: text,
    on: z.looseObject({ label: text, command: words }).catch(nothing),
    steps: z
      .array(z.looseObject({ tool: text, until: text }).catch({ tool: undefined, until: undefined }))
      .catch([]),
  })
  .catch({ name: undefined, on: nothing, steps: [] });

/** Gives what a repository's definition may not have. It need not be valid otherwise. */
export function checkRepositoryWorkflow(definition: unknown, taken: Taken): Fault[] {
  const { name, on, steps } = Loose.parse(definition);
  const claims: [string[], string | undefined, ReadonlySet<string>][] = [
    [["name"], name, taken.names],
    [["on", "label"], on.label, taken.labels],
    ...on.command.map((word): [string[], string, ReadonlySet<string>] => [
      ["on", "command"],
      word,
      taken.commands,
    ]),
  ];
  return [
    ...startEvents
      .filter((event) => event in on && taken.events.has(event))
      .map((event) => ({ path: ["on", event], message: "another workflow is started by it already." })),
    ...claims
      .filter(([, value, known]) => value !== undefined && known.has(value))
      .map(([path, value]) => ({ path, message: `\`${value}\` is taken. Choose another ${path.at(-1)}.` })),
    ...steps.flatMap(({ tool, until }, index) => [
      ...checkTool(["steps", index, "tool"], tool),
      ...checkTool(["steps", index, "until"], until),
    ]),
  ];
}

/** What a definition means to be started by, also where it is broken. */
export function startsIn(definition: unknown): { label?: string; commands: string[] } {
  const { label, command } = Loose.parse(definition).on;
  return { label, commands: command };
}

function checkTool(path: PropertyKey[], tool: string | undefined): Fault[] {
  if (tool === undefined || isAllowedForRepositories(tool)) return [];
  const allowed = [...repositoryTools].map((name) => `\`${name}\``).join(", ");
  return [{ path, message: `workflows of a repository may not use \`${tool}\`. They may use ${allowed}.` }];
}
