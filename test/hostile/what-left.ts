// Everything that left AFU-9, or is kept by it, as text to look into.
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import type { RepositoryDetails } from "../../local/github/client.ts";
import type { Database } from "../../shared/db.ts";

/** The requests to the model: each as all the texts in it, by its number. */
export async function askedOfModel(file: string): Promise<string[]> {
  const lines = (await readFile(file, "utf8")).trim().split("\n");
  return lines.map((line) => textsIn(JSON.parse(JSON.parse(line))).join("\n"));
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([key, item]) => [key, ...textsIn(item)]);
}

/** The rows of all tables, each table as one text. What was received is kept as it came, and is told apart. */
export async function rowsOf({ pool }: Database): Promise<{ own: Record<string, string>; received: string }> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition`,
  );
  const own: Record<string, string> = {};
  for (const { name } of tables) {
    if (name === "webhook_deliveries") continue;
    const { rows } = await pool.query<{ all: string | null }>(
      `SELECT string_agg(to_jsonb(t)::text, E'\\n') AS all FROM "${name}" t`,
    );
    own[`table ${name}`] = unescaped(rows[0]?.all ?? "");
  }
  const { rows } = await pool.query<{ all: string | null }>(
    "SELECT string_agg(convert_from(payload, 'UTF8'), E'\\n') AS all FROM webhook_deliveries",
  );
  return { own, received: rows[0]?.all ?? "" };
}

/** JSON in JSON hides quotes and line ends only. */
function unescaped(json: string): string {
  return json.replaceAll('\\\\"', '"').replaceAll('\\"', '"');
}

/** What AFU-9 has made on GitHub: pull requests, its comments, check runs, and commits with their files and names. */
export function madeOnGitHub(repository: RepositoryDetails): Record<string, string> {
  const { full_name: name, pulls, issues, check_runs: checkRuns, path } = repository;
  const own = issues.flatMap(({ comments }) => comments.filter(({ author }) => author.endsWith("[bot]")));
  return {
    [`pull requests of ${name}`]: JSON.stringify(pulls),
    [`comments of ${name}`]: JSON.stringify(own),
    [`check runs of ${name}`]: JSON.stringify(checkRuns),
    [`commits of ${name}`]: git(path, "log", "-p", "--binary", "--decorate", "--all", "--not", "main"),
    [`branches of ${name}`]: git(path, "for-each-ref"),
  };
}

/** The files that a branch changes. */
export function changedFiles(path: string, branch: string): string[] {
  return git(path, "diff", "--name-only", "-z", `main...${branch}`).split("\0").filter(Boolean);
}

function git(path: string, ...args: string[]): string {
  return execFileSync("git", ["-C", path, ...args], { encoding: "utf8", maxBuffer: 2 ** 28 });
}
