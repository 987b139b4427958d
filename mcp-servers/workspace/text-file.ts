// Reads and writes the checkout's text files. Anything else there (pipes, devices, binaries) is refused.
import { constants } from "node:fs";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { ToolFailure } from "../../shared/errors.ts";
import type { ResolvedPath } from "./resolve-path.ts";

export const maxFileBytes = 1024 * 1024;
const { O_RDONLY, O_WRONLY, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;

/** The text of a file. Throws a `ToolFailure` for a file that is missing, larger than 1 MB or not text. */
export async function readText({ path, absolute }: ResolvedPath): Promise<string> {
  // Non-blocking: to open a pipe would otherwise wait for somebody who writes into it.
  const file = await opened(path, () => open(absolute, O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
  try {
    await checkRegular(file, path);
    const bytes = await file.readFile();
    if (bytes.includes(0)) throw notText(path);
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === "ERR_ENCODING_INVALID_ENCODED_DATA"
      ? notText(path)
      : error;
  } finally {
    await file.close();
  }
}

/** Writes a file and the directories it is in; a file that exists keeps its mode. */
export async function writeText({ path, absolute }: ResolvedPath, text: string): Promise<void> {
  const bytes = Buffer.from(text, "utf8");
  if (bytes.byteLength > maxFileBytes) {
    throw new ToolFailure(
      `${path} would have ${bytes.byteLength} bytes; files may have 1 MB at most. Split it.`,
    );
  }
  await opened(path, () => mkdir(dirname(absolute), { recursive: true }));
  const file = await opened(path, () => open(absolute, O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o644));
  try {
    await checkRegular(file, path, Number.POSITIVE_INFINITY);
    await file.truncate(0);
    await file.writeFile(bytes);
  } finally {
    await file.close();
  }
}

async function checkRegular(file: FileHandle, path: string, limit = maxFileBytes): Promise<void> {
  const stat = await file.stat();
  if (stat.isDirectory()) throw new ToolFailure(`${path} is a directory. listFiles shows what is in it.`);
  if (!stat.isFile()) throw new ToolFailure(`${path} is not a regular file, so it can't be read or written.`);
  if (stat.size <= limit) return;
  throw new ToolFailure(
    `${path} has ${stat.size} bytes; files of up to 1 MB can be read. Use searchCode, or runCommand with head, sed -n or jq.`,
  );
}

async function opened<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const message = explanations[(error as NodeJS.ErrnoException).code ?? ""];
    throw message ? new ToolFailure(`${path} ${message}`) : error;
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
};

function notText(path: string): ToolFailure {
  return new ToolFailure(
    `${path} is not UTF-8 text, so it can't be shown or edited. runCommand with file or xxd tells more about it.`,
  );
}
