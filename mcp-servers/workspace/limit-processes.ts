// The kernel's own limit for all processes that this server and its commands have together, by a control group. A fork bomb
// makes thousands in the time between two looks of `watch-limits.ts`, and `ulimit -u` does not hold for root, whose
// commands need this. In a container control groups are read-only; there the server is not root.
import { access, mkdir, readdir, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The kernel counts each thread, and builds have many. */
export const maxThreads = 8_192;

/** Version 1 and version 2. */
const roots = ["/sys/fs/cgroup/pids", "/sys/fs/cgroup"];
const prefix = "afu9-workspace-";

/**
 * Puts this process into a group of its own. (A group for each command would be better, but to enter one costs several
 * times what the command does.) False where this process may not make groups.
 */
export async function limitProcesses(candidates = roots): Promise<boolean> {
  for (const root of candidates) {
    try {
      await access(join(root, "cgroup.procs"));
      await removeEmptyGroups(root);
      await enterGroup(join(root, `${prefix}${process.pid}`));
      return true;
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      if (!["ENOENT", "EACCES", "EPERM", "EROFS"].includes(code)) throw error;
    }
  }
  return false;
}

async function enterGroup(group: string): Promise<void> {
  await mkdir(group);
  try {
    await writeFile(join(group, "pids.max"), `${maxThreads}`, { flag: "r+" });
    await writeFile(join(group, "cgroup.procs"), `${process.pid}`, { flag: "r+" });
  } catch (error) {
    await rmdir(group);
    throw error;
  }
}

/** Those of servers that have ended. In one that is in use there are processes, so it stays. */
async function removeEmptyGroups(root: string): Promise<void> {
  const groups = (await readdir(root)).filter((name) => name.startsWith(prefix));
  await Promise.allSettled(groups.map((name) => rmdir(join(root, name))));
}
