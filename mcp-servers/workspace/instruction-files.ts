// The files in which a repository tells agents its conventions.
import type { BaseFiles } from "./base-files.ts";

export type InstructionFile = { path: string; text: string; omitted: number };

const names = /^(?:|.*\/)(?:AGENTS|CLAUDE)\.md$|^\.github\/copilot-instructions\.md$/;
const maxEach = 12_000;
const maxAll = 24_000;
const maxListed = 50;

/**
 * Their texts, those of the root first and then by depth, as far as they fit: `omitted` counts the characters of one that
 * were left out. The paths of all others are in `more`: whoever works below them reads them.
 */
export async function instructionFiles({
  files,
  read,
}: BaseFiles): Promise<{ given: InstructionFile[]; more: string[] }> {
  const found = files.filter(({ path }) => names.test(path)).sort((a, b) => rank(a.path) - rank(b.path));
  const given: InstructionFile[] = [];
  const more: string[] = [];
  const seen = new Set<string>();
  let left = maxAll;
  for (const { path, bytes } of found) {
    if (left < Math.min(bytes, 500)) {
      more.push(path);
      continue;
    }
    const whole = await read(path, maxAll * 4);
    // AGENTS.md and CLAUDE.md are often the same.
    if (whole.trim() === "" || seen.has(whole)) continue;
    seen.add(whole);
    const text = whole.slice(0, Math.min(maxEach, left)).toWellFormed();
    given.push({ path, text, omitted: whole.length - text.length });
    left -= text.length;
  }
  return { given, more: more.slice(0, maxListed) };
}

/** Copilot's file counts as one of the root. */
function rank(path: string): number {
  return path.startsWith(".github/") ? 0.5 : path.split("/").length - 1;
}
