// What can be said of a definition's file without running it.
import { messageOf } from "../shared/errors.ts";
import { loadWorkflow, type Workflow } from "../shared/workflow.ts";

/** What a definition may name. */
export type Known = { tools: string[]; agents: string[] };
export type Fault = { line: number; message: string };
export type Checked =
  | { file: string; definition: Workflow; version: string }
  | { file: string; faults: Fault[] };

/** Gives the definition, or every fault in it with its line. */
export function checkWorkflow(source: string, file: string, known: Known): Checked {
  try {
    const { definition, version } = loadWorkflow(source, file, known);
    return { file, definition, version };
  } catch (error) {
    return { file, faults: faultsOf(messageOf(error), file) };
  }
}

/** The faults that `loadWorkflow` names, each on lines that begin with the file. */
function faultsOf(text: string, file: string): Fault[] {
  return text.split(`${file}:`).flatMap((part) => {
    const [, line, message] = part.match(/^(\d+): ([\s\S]*)$/) ?? [];
    return line && message ? [{ line: Number(line), message: message.trim() }] : [];
  });
}
