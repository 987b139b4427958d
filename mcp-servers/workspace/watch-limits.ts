// Looks at a running command every quarter of a second, and says why it has to be stopped: too much memory, too many
// processes, too much on the disk. The kernel's own limits for this are not there everywhere: that for processes does not
// count those of root, that for memory counts what is only reserved, and control groups are read-only in containers.
import { execFile } from "node:child_process";
import { statfs } from "node:fs/promises";
import { promisify } from "node:util";
import { ToolFailure } from "../../shared/errors.ts";
import type { ProcessTable } from "./process-table.ts";

export type ResourceLimits = {
  /** Of a command with all that it started. */
  memoryBytes: number;
  processes: number;
  /** Of one file, and of the checkout together with its home. */
  diskBytes: number;
  /** What stays free on the disk that all workspaces share. */
  freeDiskBytes: number;
};

export const defaultLimits: ResourceLimits = {
  memoryBytes: 4 * 2 ** 30,
  processes: 1_000,
  diskBytes: 10 * 2 ** 30,
  freeDiskBytes: 2 ** 30,
};

type Watched = { limits: ResourceLimits; checkout: string; home: string; table: ProcessTable };

/** The reason, in a sentence, as soon as there is one. */
export type Watch = (pid: number) => Promise<string | undefined>;

/** Throws a `ToolFailure` where the disk is too full for anything to begin. */
export async function checkFreeDisk(directory: string, { freeDiskBytes }: ResourceLimits): Promise<number> {
  const free = await freeBytes(directory);
  if (free >= freeDiskBytes) return free;
  throw new ToolFailure(
    `The disk of the workspaces is almost full: ${megabytes(free)} are free and ${megabytes(freeDiskBytes)} have to stay so. ` +
      "Close workspaces that are done, or try again later.",
  );
}

export async function watchLimits({ limits, checkout, home, table }: Watched): Promise<Watch> {
  let freeWhenMeasured = await checkFreeDisk(checkout, limits);

  async function disk(): Promise<string | undefined> {
    const free = await freeBytes(checkout);
    if (free < limits.freeDiskBytes) return `the disk of the workspaces had only ${megabytes(free)} left`;
    // To measure a large checkout takes its time: only when enough was written, by whomever.
    if (freeWhenMeasured - free < limits.diskBytes / 20) return undefined;
    freeWhenMeasured = free;
    const used = await usedBytes([checkout, home]);
    return used > limits.diskBytes
      ? `checkout and home held ${megabytes(used)}, of at most ${megabytes(limits.diskBytes)}`
      : undefined;
  }

  return async (pid) => {
    const tree = table.treeOf(pid);
    if (tree && tree.count > limits.processes)
      return `it had ${tree.count} processes at once, of at most ${limits.processes}`;
    if (tree && tree.memoryBytes > limits.memoryBytes)
      return `it used ${megabytes(tree.memoryBytes)} of memory, of at most ${megabytes(limits.memoryBytes)}`;
    return disk();
  };
}

async function freeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

/** Files that vanish while they are counted are no fault: what `du` printed still holds. */
async function usedBytes(directories: string[]): Promise<number> {
  const { stdout } = await promisify(execFile)("du", ["-sk", ...directories]).catch(
    (error: { stdout?: string }) => ({ stdout: error.stdout ?? "" }),
  );
  const kilobytes = stdout.split("\n").map((line) => Number.parseInt(line, 10) || 0);
  return kilobytes.reduce((sum, size) => sum + size, 0) * 1024;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MB`;
}
