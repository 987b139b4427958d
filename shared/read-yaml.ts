import { isMap, isNode, isSeq, LineCounter, parseDocument } from "yaml";
import { messageOf } from "./errors.ts";

/** A value, and where each part of it stands in the text. Or the faults of the text, each with its line. */
export type Yaml = { value: unknown; lineOf(path: PropertyKey[]): number } | { faults: LineFault[] };
export type LineFault = { line: number; message: string };

export function readYaml(source: string): Yaml {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  const { errors, contents } = document;
  if (errors.length > 0) {
    const faults = errors.map(({ linePos, message }) => ({
      line: linePos?.[0].line ?? 1,
      message: message.split(" at line")[0] ?? message,
    }));
    return { faults };
  }
  try {
    return { value: document.toJS(), lineOf: (path) => lines.linePos(offsetOf(contents, path)).line };
  } catch (error) {
    // Aliases that would fill the memory, or that name nothing.
    return { faults: [{ line: 1, message: messageOf(error) }] };
  }
}

/** Where a path's last key begins in the text, or what is nearest to it when that is missing. */
function offsetOf(contents: unknown, path: PropertyKey[]): number {
  let node = contents;
  let offset = startOf(contents);
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isNode(item.key) && String(item.key) === String(key));
      if (!pair) break;
      offset = startOf(pair.key);
      node = pair.value;
    } else {
      const item = isSeq(node) ? node.items[Number(key)] : undefined;
      if (!item) break;
      offset = startOf(item);
      node = item;
    }
  }
  return offset;
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}
