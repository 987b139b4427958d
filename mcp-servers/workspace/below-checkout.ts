// The way to a file that nobody can change while it is gone: from the checkout one directory at a time, each opened from
// the one before it, and no symbolic link followed. A command that runs at the same time may put a link in the place of
// a directory that `resolvePath` found: then this fails, and nothing outside of the checkout is touched.
import { constants } from "node:fs";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { ToolFailure } from "../../shared/errors.ts";
import type { ResolvedPath } from "./resolve-path.ts";

const { O_RDONLY, O_DIRECTORY, O_NOFOLLOW } = constants;

/**
 * Gives `work` a path to the file that is good until it returns. Whatever is done with it must not follow links either.
 * Throws a `ToolFailure` for what can be explained.
 */
export async function belowCheckout<T>(
  { path, root, absolute }: ResolvedPath,
  work: (target: string) => Promise<T>,
  { makeDirectories = false } = {},
): Promise<T> {
  const steps = relative(root, dirname(absolute)).split(sep).filter(Boolean);
  try {
    let directory = await openDirectory(root);
    try {
      for (const step of absolute === root ? [] : steps) {
        const next = await enter(directory, step, makeDirectories);
        await directory.handle.close();
        directory = next;
      }
      return await work(absolute === root ? directory.path : join(directory.path, basename(absolute)));
    } finally {
      await directory.handle.close();
    }
  } catch (error) {
    const message = explanations[(error as NodeJS.ErrnoException).code ?? ""];
    throw message ? new ToolFailure(`${path} ${message}`) : error;
  }
}

type Directory = { handle: FileHandle; path: string };

async function openDirectory(path: string): Promise<Directory> {
  const handle = await open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
  // By its number the directory is found wherever it is moved to. Elsewhere there is no sandbox, and so no such race.
  return { handle, path: process.platform === "linux" ? `/proc/self/fd/${handle.fd}` : path };
}

async function enter({ path }: Directory, step: string, make: boolean): Promise<Directory> {
  const target = join(path, step);
  try {
    return await openDirectory(target);
  } catch (error) {
    if (!make || (error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    await mkdir(target);
    return openDirectory(target);
  }
}

const explanations: Record<string, string> = {
  ENOENT: "does not exist. listFiles and searchCode find files.",
  ENOTDIR: "can't be there: a part of the path is a file.",
  EEXIST: "can't be there: a part of the path is a file.",
  EISDIR: "is a directory. Give the path of a file.",
  ELOOP: "is a symbolic link. Use the file that it points to.",
  ENXIO: "is not a regular file, so it can't be read or written.",
  EACCES: "can't be opened: its mode forbids it. Use runCommand with chmod first.",
  ENAMETOOLONG: "can't be there: a part of the path is too long for a file name.",
  ENOSPC: "can't be written: the disk is full. Delete what is not needed.",
};
