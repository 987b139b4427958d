// What can be said of a definition's file without running it.
import { isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import { messageOf } from "../shared/errors.ts";
import { parseWorkflow, type Workflow } from "../shared/workflow.ts";

/** What a definition may name. */
export type Known = { tools: string[]; agents: string[] };
export type Fault = { line: number; message: string };
export type Checked =
  | { file: string; definition: Workflow; version: string }
  | { file: string; faults: Fault[] };

/** Gives the definition, or every fault in it with its line. */
export function checkWorkflow(source: string, file: string, known: Known): Checked {
  const faults = unknownNames(source, known);
  try {
    const { definition, version } = parseWorkflow(source, file);
    return faults.length > 0 ? { file, faults } : { file, definition, version };
  } catch (error) {
    return { file, faults: [...faultsOf(messageOf(error), file), ...faults].sort((a, b) => a.line - b.line) };
  }
}

/** The faults that `parseWorkflow` names, each on lines that begin with the file. */
function faultsOf(text: string, file: string): Fault[] {
  return text.split(`${file}:`).flatMap((part) => {
    const [, line, message] = part.match(/^(\d+): ([\s\S]*)$/) ?? [];
    return line && message ? [{ line: Number(line), message: message.trim() }] : [];
  });
}

/** Names that nothing has, also in a file that is wrong otherwise. */
function unknownNames(source: string, known: Known): Fault[] {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  const steps = document.errors.length === 0 ? document.get("steps", true) : undefined;
  if (!isSeq(steps)) return [];
  return steps.items.flatMap((step) =>
    Object.entries({ tool: known.tools, until: known.tools, agent: known.agents }).flatMap(([key, names]) => {
      const node: unknown = isMap(step) ? step.get(key, true) : undefined;
      if (!isNode(node) || !isScalar(node) || typeof node.value !== "string" || names.includes(node.value))
        return [];
      const kind = key === "agent" ? "agent" : "tool";
      const line = lines.linePos(node.range?.[0] ?? 0).line;
      return [
        { line, message: `${key}: there is no ${kind} \`${node.value}\`. ${offer(kind, node.value, names)}` },
      ];
    }),
  );
}

/** Those that may have been meant: of a tool, the ones of its server. */
function offer(kind: string, name: string, names: string[]): string {
  const server = `${name.split(".")[0]}.`;
  const near = names.filter((one) => kind === "agent" || one.startsWith(server));
  if (near.length > 0) return `There are ${near.join(", ")}.`;
  return `The servers are ${[...new Set(names.map((one) => one.split(".")[0]))].join(", ")}.`;
}
