type Variable = { name: string; value: string };
/** A part of .env.example: variables that stand together have one text. */
export type VariableSection = { title: string; variables: { names: Variable[]; text: string }[] };

const titleLine = /^# ─+ (.+?) ─+$/;
const variableLine = /^#?([A-Z][A-Z0-9_]*)=(.*)$/;

/** Reads .env.example: a title between long lines, then comments, each above the variables that it is about. */
export function readVariables(env: string): VariableSection[] {
  const [, ...parts] = env.split(/^(?=# ─)/m);
  return parts.map((part) => {
    const [first = "", ...lines] = part.split("\n");
    return { title: first.match(titleLine)?.[1] ?? first, variables: variablesIn(lines) };
  });
}

function variablesIn(lines: string[]): VariableSection["variables"] {
  const found: VariableSection["variables"] = [];
  let comment: string[] = [];
  for (const [index, line] of lines.entries()) {
    const [, name, value = ""] = line.match(variableLine) ?? [];
    if (!name) {
      comment = line.startsWith("# ") ? [...comment, line.slice(2)] : [];
      continue;
    }
    const follows = variableLine.test(lines[index - 1] ?? "");
    if (follows) found.at(-1)?.names.push({ name, value });
    else found.push({ names: [{ name, value }], text: comment.join(" ") });
    comment = [];
  }
  return found;
}
