import { messageOf, PermanentFault } from "../shared/errors.ts";
import { readYaml } from "../shared/read-yaml.ts";
import { loadWorkflow, type WorkflowFile } from "../shared/workflow.ts";
import { commandNames, startEvents } from "../shared/workflow-starts.ts";
import { checkRepositoryWorkflow, startsIn, type Taken } from "./policy/repository-workflow.ts";

/** A file of a repository: its text, or why it could not be read. */
export type RepositoryFile = { path: string } & ({ text: string } | { problem: string });

/** A file that can't be used, why, and what it would be started by, where that can be told. */
export type BrokenFile = { path: string; faults: string; on?: { label?: string; commands: string[] } };

/** Loads what can be used. A file is refused as a whole; what an earlier one has, a later one can't have too. */
export function loadRepositoryWorkflows(
  files: RepositoryFile[],
  builtIn: Taken,
  agents: Iterable<string>,
): { usable: WorkflowFile[]; broken: BrokenFile[] } {
  const taken = {
    names: new Set(builtIn.names),
    labels: new Set(builtIn.labels),
    commands: new Set(builtIn.commands),
    events: new Set(builtIn.events),
  };
  const usable: WorkflowFile[] = [];
  const broken: BrokenFile[] = [];
  for (const file of files) {
    const loaded = load(file, taken, agents);
    if ("faults" in loaded) {
      broken.push(loaded);
      continue;
    }
    const { name, on } = loaded.definition;
    taken.names.add(name);
    if (on.label) taken.labels.add(on.label);
    for (const word of commandNames(on)) taken.commands.add(word);
    for (const event of startEvents.filter((one) => on[one])) taken.events.add(event);
    usable.push(loaded);
  }
  return { usable, broken };
}

function load(file: RepositoryFile, taken: Taken, agents: Iterable<string>): WorkflowFile | BrokenFile {
  const { path } = file;
  if ("problem" in file) return { path, faults: `${path}: ${file.problem}` };
  try {
    return loadWorkflow(file.text, path, { agents }, (definition) =>
      checkRepositoryWorkflow(definition, taken),
    );
  } catch (error) {
    if (!(error instanceof PermanentFault)) throw error;
    const yaml = readYaml(file.text);
    return { path, faults: messageOf(error), on: "value" in yaml ? startsIn(yaml.value) : undefined };
  }
}
