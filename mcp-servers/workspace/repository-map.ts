// What a repository looks like from afar: its languages, and its tree.
import { extname } from "node:path";
import type { BaseFile } from "./base-files.ts";

/** By the end of a file's name. Data and prose are no languages. */
const languages: Record<string, string> = {
  ...{ ".ts": "TypeScript", ".tsx": "TypeScript", ".mts": "TypeScript", ".cts": "TypeScript" },
  ...{ ".js": "JavaScript", ".jsx": "JavaScript", ".mjs": "JavaScript", ".cjs": "JavaScript" },
  ...{ ".py": "Python", ".go": "Go", ".rs": "Rust", ".rb": "Ruby", ".java": "Java", ".kt": "Kotlin" },
  ...{ ".c": "C", ".h": "C", ".cc": "C++", ".cpp": "C++", ".hpp": "C++", ".cs": "C#", ".php": "PHP" },
  ...{
    ".swift": "Swift",
    ".scala": "Scala",
    ".ex": "Elixir",
    ".exs": "Elixir",
    ".sh": "Shell",
    ".sql": "SQL",
  },
  ...{
    ".vue": "Vue",
    ".svelte": "Svelte",
    ".css": "CSS",
    ".scss": "CSS",
    ".html": "HTML",
    ".tf": "Terraform",
  },
  ...{ ".lua": "Lua", ".dart": "Dart", ".zig": "Zig", ".hs": "Haskell", ".clj": "Clojure", ".r": "R" },
};

const maxLanguages = 8;
const maxEntries = 200;
const maxDepth = 3;

export type Language = { name: string; files: number; bytes: number };

/** The largest first. */
export function languagesOf(files: BaseFile[]): Language[] {
  const found = new Map<string, Language>();
  for (const { path, bytes } of files) {
    const name = languages[extname(path).toLowerCase()];
    if (!name || /(^|\/)(node_modules|vendor|third_party)\//.test(path)) continue;
    const language = found.get(name) ?? { name, files: 0, bytes: 0 };
    language.files += 1;
    language.bytes += bytes;
    found.set(name, language);
  }
  return [...found.values()]
    .sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1))
    .slice(0, maxLanguages);
}

/**
 * The tree as deep as fits: files by their path, and directories that are not opened as `src/ (12 files)`. `omitted` counts
 * the entries that do not fit even so.
 */
export function treeOf(files: BaseFile[]): { entries: string[]; omitted: number } {
  let entries = entriesTo(files, 1);
  for (let depth = 2; depth <= maxDepth; depth++) {
    const deeper = entriesTo(files, depth);
    if (deeper.length > maxEntries) break;
    entries = deeper;
  }
  return { entries: entries.slice(0, maxEntries), omitted: Math.max(0, entries.length - maxEntries) };
}

function entriesTo(files: BaseFile[], depth: number): string[] {
  const counts = new Map<string, number>();
  for (const { path } of files) {
    const parts = path.split("/");
    const shown = parts.length > depth ? `${parts.slice(0, depth).join("/")}/` : path;
    counts.set(shown, (counts.get(shown) ?? 0) + 1);
  }
  return [...counts].map(([path, count]) =>
    path.endsWith("/") ? `${path} (${count} ${count === 1 ? "file" : "files"})` : path,
  );
}
