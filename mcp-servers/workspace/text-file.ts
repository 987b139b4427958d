// Reads and writes the checkout's files. Anything else there (pipes, devices) is refused, and so is what is not text.
import { constants } from "node:fs";
import { type FileHandle, lstat, open, unlink } from "node:fs/promises";
import { ToolFailure } from "../../shared/errors.ts";
import { belowCheckout } from "./below-checkout.ts";
import type { ResolvedPath } from "./resolve-path.ts";

export const maxFileBytes = 1024 * 1024;
const { O_RDONLY, O_WRONLY, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;

/** The text of a file. Throws a `ToolFailure` for a file that is missing, larger than 1 MB or not text. */
export async function readText(where: ResolvedPath): Promise<string> {
  const { bytes } = await readBytes(where);
  if (bytes.includes(0)) throw notText(where.path);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw notText(where.path);
  }
}

/** A file of up to 1 MB as it is, and whether it may be executed. */
export async function readBytes(where: ResolvedPath): Promise<{ bytes: Buffer; isExecutable: boolean }> {
  return belowCheckout(where, async (target) => {
    // Non-blocking: to open a pipe would otherwise wait for somebody who writes into it.
    await using file = await open(target, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const { size, mode } = await statOfRegular(file, where.path);
    if (size > maxFileBytes) throw tooLarge(where.path, `${size}`);
    const bytes = await readUpTo(file, maxFileBytes + 1);
    // It may have grown since.
    if (bytes.byteLength > maxFileBytes) throw tooLarge(where.path, `more than ${maxFileBytes}`);
    return { bytes, isExecutable: (mode & 0o100) !== 0 };
  });
}

/** Writes a file and the directories it is in; a file that exists keeps its mode unless one is given. */
export async function writeText(where: ResolvedPath, text: string | Buffer, mode?: number): Promise<void> {
  const bytes = Buffer.from(text);
  if (bytes.byteLength > maxFileBytes) {
    throw new ToolFailure(
      `${where.path} would have ${bytes.byteLength} bytes; files may have 1 MB at most. Split it.`,
    );
  }
  const write = async (target: string) => {
    await using file = await open(target, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK, mode ?? 0o644);
    await statOfRegular(file, where.path);
    await file.truncate(0);
    await file.writeFile(bytes);
    if (mode !== undefined) await file.chmod(mode);
  };
  await belowCheckout(where, write, { makeDirectories: true });
}

/** Deletes a file, or a symbolic link itself. */
export async function deleteFileAt(where: ResolvedPath): Promise<void> {
  await belowCheckout(where, async (target) => {
    if ((await lstat(target)).isDirectory())
      throw new ToolFailure(`${where.path} is a directory. Use runCommand with rm -r to delete it.`);
    await unlink(target);
  });
}

async function statOfRegular(file: FileHandle, path: string) {
  const stat = await file.stat();
  if (stat.isDirectory()) throw new ToolFailure(`${path} is a directory. listFiles shows what is in it.`);
  if (!stat.isFile()) throw new ToolFailure(`${path} is not a regular file, so it can't be read or written.`);
  return stat;
}

async function readUpTo(file: FileHandle, limit: number): Promise<Buffer> {
  const buffer = Buffer.alloc(limit);
  let length = 0;
  while (length < limit) {
    const { bytesRead } = await file.read(buffer, length, limit - length, null);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

function tooLarge(path: string, size: string): ToolFailure {
  return new ToolFailure(
    `${path} has ${size} bytes; files of up to 1 MB can be read. Use searchCode, or runCommand with head, sed -n or jq.`,
  );
}

function notText(path: string): ToolFailure {
  return new ToolFailure(
    `${path} is not UTF-8 text, so it can't be shown or edited. runCommand with file or xxd tells more about it.`,
  );
}
