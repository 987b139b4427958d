// Applies a unified diff with git, in a directory of its own that no command reaches: it holds copies of the files that
// the diff names, and nothing else. What comes out of it is written into the checkout only when all of it was applied.
import { randomUUID } from "node:crypto";
import { lstat, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { messageOf, ToolFailure } from "../../shared/errors.ts";
import { type GitPlace, git } from "./git.ts";
import { recountHunks } from "./recount-hunks.ts";
import { removeDirectory } from "./remove-directory.ts";
import { type ResolvedPath, resolvePath } from "./resolve-path.ts";
import { deleteFileAt, maxFileBytes, readBytes, writeText } from "./text-file.ts";
import type { Place } from "./workspace.ts";

const maxFiles = 300;

/** A file before or after; undefined when there is none. */
type Content = { bytes: Buffer; isExecutable: boolean } | undefined;
type Patched = { where: ResolvedPath; before: Content; after: Content };

export type AppliedFile = { path: string; what: "added" | "changed" | "deleted" };

/** Throws a `ToolFailure` that names each hunk that does not fit; then nothing was changed. */
export async function applyDiff(place: Place, patch: string): Promise<AppliedFile[]> {
  const diff = recountHunks(patch);
  const scratch = join(place.directory, `patch-${randomUUID()}`);
  await mkdir(scratch);
  try {
    const at = { gitDirectory: place.gitDirectory, workTree: scratch };
    const paths = await pathsOf(at, diff);
    const files = await copyFrom(place, paths, scratch);
    await apply(at, diff);
    const patched: Patched[] = [];
    for (const { where, before } of files)
      patched.push({ where, before, after: await readResult(scratch, where.path) });
    return await writeAll(patched.filter(({ before, after }) => !isSame(before, after)));
  } finally {
    await removeDirectory(scratch);
  }
}

/** All that the diff reads or writes. A name that is missed here is not in the scratch directory, so git misses it, too. */
async function pathsOf(at: GitPlace, diff: string): Promise<string[]> {
  if (/^GIT binary patch$/m.test(diff))
    throw new ToolFailure("The patch has a binary file, which can't be applied. Leave that file out.");
  const summary = await git(at, ["apply", "--numstat", "-z"], { input: diff }).catch((error: unknown) => {
    throw new ToolFailure(
      `The patch can't be read: ${complaints(error)}. Send a unified diff, as git diff prints it.`,
    );
  });
  // Each is `added<TAB>deleted<TAB>path`.
  const written = summary
    .split("\0")
    .filter(Boolean)
    .map((line) => line.split("\t").slice(2).join("\t"));
  const sources = [...diff.matchAll(/^(?:rename|copy) from (.+)$/gm)].map(([, path = ""]) => path);
  const paths = [...new Set([...written, ...sources])];
  if (paths.length <= maxFiles) return paths;
  throw new ToolFailure(`The patch has ${paths.length} files; at most ${maxFiles} are possible. Split it.`);
}

async function copyFrom({ checkout }: Place, paths: string[], scratch: string) {
  const files: { where: ResolvedPath; before: Content }[] = [];
  for (const path of paths) {
    const where = await resolvePath(checkout, path, true);
    const before = (await exists(where)) ? await readBytes(where) : undefined;
    if (before) {
      const target = join(scratch, where.path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, before.bytes, { mode: before.isExecutable ? 0o755 : 0o644 });
    }
    files.push({ where, before });
  }
  return files;
}

async function apply(at: GitPlace, diff: string): Promise<void> {
  // A hunk without lines around it is taken as well, where its own lines are found.
  const attempt = (...options: string[]) =>
    git(at, ["apply", "--whitespace=nowarn", "--unidiff-zero", ...options], { input: diff });
  await attempt("--check").catch(() => explain(attempt));
  await attempt();
}

/** Has git try every hunk, where it would stop at the first that fails. The directory is thrown away. */
async function explain(attempt: (...more: string[]) => Promise<string>): Promise<never> {
  const error = await attempt("--reject", "--verbose").then(
    () => new Error("it can't be applied as a whole"),
    (error: unknown) => error,
  );
  throw new ToolFailure(
    `The patch was not applied, and nothing was changed. Read the files and correct these parts:\n${complaints(error)}`,
  );
}

function complaints(error: unknown): string {
  const lines = messageOf(error)
    .replace(/^git apply failed: /, "")
    .split("\n");
  const said = lines.filter(
    (line) => !/^(Checking patch|Applying patch|Applied patch|Hunk #\d+ applied)/.test(line),
  );
  return said.join("\n").slice(0, 4_000);
}

async function readResult(scratch: string, path: string): Promise<Content> {
  const target = join(scratch, path);
  const stat = await lstat(target).catch(ifMissing);
  if (!stat) return undefined;
  if (!stat.isFile())
    throw new ToolFailure(
      `The patch makes ${path} a symbolic link, and nothing was changed. Use runCommand with ln -s.`,
    );
  if (stat.size > maxFileBytes)
    throw new ToolFailure(
      `${path} would have ${stat.size} bytes; files may have 1 MB at most. Nothing was changed.`,
    );
  return { bytes: await readFile(target), isExecutable: (stat.mode & 0o100) !== 0 };
}

/** Deletions come first: a file may stand where a directory was. What was written is taken back when the rest fails. */
async function writeAll(patched: Patched[]): Promise<AppliedFile[]> {
  const ordered = patched.toSorted((a, b) => Number(a.after !== undefined) - Number(b.after !== undefined));
  const done: Patched[] = [];
  try {
    for (const file of ordered) {
      done.push(file);
      await put(file.where, file.after);
    }
  } catch (error) {
    for (const { where, before } of done.reverse()) await put(where, before).catch(() => {});
    throw error;
  }
  return ordered.map(({ where, before, after }) => ({
    path: where.path,
    what: !before ? "added" : after ? "changed" : "deleted",
  }));
}

async function put(where: ResolvedPath, content: Content): Promise<void> {
  if (!content) return deleteFileAt(where);
  await writeText(where, content.bytes, content.isExecutable ? 0o755 : 0o644);
}

function isSame(a: Content, b: Content): boolean {
  if (!a || !b) return a === b;
  return a.isExecutable === b.isExecutable && a.bytes.equals(b.bytes);
}

async function exists({ absolute }: ResolvedPath): Promise<boolean> {
  return (await lstat(absolute).catch(ifMissing)) !== undefined;
}

/** What can't have such a name is not there. To write it then fails, with the reason. */
function ifMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT" || error.code === "ENAMETOOLONG") return undefined;
  throw error;
}
