// The one way from a path that a caller gave to a path on disk. It never leads out of the checkout or into git.
import { lstat, realpath } from "node:fs/promises";
import { dirname, join, relative, sep } from "node:path";
import { ToolFailure } from "../../shared/errors.ts";

export type ResolvedPath = {
  /** As the repository knows it: relative to its root, `.` for the root itself. */
  path: string;
  /** The checkout on disk. */
  root: string;
  /** The path on disk. Symbolic links are resolved, but for the last part where `keepLink` is set. */
  absolute: string;
};

/**
 * What is found holds for this moment: whoever then opens the file goes there by `below-checkout.ts`.
 * Throws a `ToolFailure` that says what a usable path is. The file need not exist.
 * With `keepLink` a symbolic link stands for itself and not for what it points to.
 */
export async function resolvePath(checkout: string, given: string, keepLink = false): Promise<ResolvedPath> {
  const path = relativePath(given);
  const root = await realpath(checkout);
  const [parent, name] =
    keepLink && path !== "." ? [dirname(path), path.slice(path.lastIndexOf("/") + 1)] : [path, ""];
  const absolute = join(await realPathOfMaybe(root, parent, given), name);
  const inside = relative(root, absolute);
  if (inside === ".." || inside.startsWith(`..${sep}`) || inside.split(sep).some(isGitDirectory)) {
    throw new ToolFailure(
      `${JSON.stringify(given)} leads out of the checkout by a symbolic link. Use a path inside it.`,
    );
  }
  return { path, root, absolute };
}

function relativePath(given: string): string {
  const shown = JSON.stringify(given.slice(0, 200));
  if (given.includes("\0")) throw new ToolFailure(`The path ${shown} holds a NUL character. Leave it out.`);
  if (given.length > 4_096) throw new ToolFailure(`The path ${shown}… is longer than 4096 characters.`);
  if (given.startsWith("/")) {
    throw new ToolFailure(
      `${shown} is an absolute path. Give a path relative to the root of the repository, like "src/index.ts".`,
    );
  }
  const segments = given.split("/").filter((segment) => segment !== "" && segment !== ".");
  if (segments.includes(".."))
    throw new ToolFailure(`${shown} has "..". Give a path from the root of the repository.`);
  if (segments.some(isGitDirectory)) {
    throw new ToolFailure(
      `${shown} is inside git's own directory, which can't be read or changed. Use runCommand with git log or git diff.`,
    );
  }
  return segments.join("/") || ".";
}

/** What some file system takes for `.git`, as git itself sees it: any case, dots and spaces at the end, ignorable characters. */
function isGitDirectory(segment: string): boolean {
  const plain = segment.replace(/[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g, "");
  return /^(\.git|git~\d)[. ]*(:.*)?$/i.test(plain);
}

/** The real path of something that need not exist: of as much of it as does, and the rest as it is. */
async function realPathOfMaybe(root: string, path: string, given: string): Promise<string> {
  const target = join(root, path);
  try {
    return await realpath(target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ELOOP")
      throw new ToolFailure(`${JSON.stringify(given)} is a symbolic link that leads to itself.`);
    if (code === "ENOTDIR")
      throw new ToolFailure(`A part of ${JSON.stringify(given)} is a file and not a directory.`);
    if (code === "ENAMETOOLONG")
      throw new ToolFailure(`A part of ${JSON.stringify(given)} is too long for a file name.`);
    if (code !== "ENOENT") throw error;
  }
  // A link to nothing would be followed by whoever writes there.
  if (await exists(target))
    throw new ToolFailure(
      `${JSON.stringify(given)} has a symbolic link that leads nowhere. Delete or repair the link.`,
    );
  return join(await realPathOfMaybe(root, dirname(path), given), path.slice(path.lastIndexOf("/") + 1));
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
