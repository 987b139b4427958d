// The kernel's own limit for the processes of a command, by a control group of its own. A fork bomb makes thousands in the
// time between two looks of `watch-limits.ts`, and `ulimit -u` does not hold for root, whose commands need this. In a
// container control groups are read-only; there the server is not root.
import { randomUUID } from "node:crypto";
import { access, mkdir, readdir, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

/** The kernel counts each thread, and builds have many. */
export const maxThreads = 4_096;

/** Version 1 and version 2. */
const roots = ["/sys/fs/cgroup/pids", "/sys/fs/cgroup"];
const prefix = "afu9-command-";

export type ProcessLimit = {
  /** What to put before a command line, so that it starts in the group. */
  wrapper: string[];
  end(): Promise<void>;
};

/** Where groups can be made; undefined where this process may not. Removes those that a killed server has left. */
export async function findGroups(candidates = roots): Promise<string | undefined> {
  for (const root of candidates) {
    try {
      await access(join(root, "cgroup.procs"));
      await (await limitProcesses(root)).end();
      const left = (await readdir(root)).filter((name) => name.startsWith(prefix));
      await Promise.allSettled(left.map((name) => rmdir(join(root, name))));
      return root;
    } catch (error) {
      const { code = "" } = error as NodeJS.ErrnoException;
      if (!["ENOENT", "EACCES", "EPERM", "EROFS"].includes(code)) throw error;
    }
  }
  return undefined;
}

export async function limitProcesses(root: string): Promise<ProcessLimit> {
  const group = join(root, `${prefix}${randomUUID()}`);
  await mkdir(group);
  try {
    await writeFile(join(group, "pids.max"), `${maxThreads}`, { flag: "r+" });
  } catch (error) {
    await rmdir(group);
    throw error;
  }
  const enter = 'echo $$ > "$0" && exec "$@"';
  return {
    wrapper: ["/bin/sh", "-c", enter, join(group, "cgroup.procs")],
    end: () => removeGroup(group),
  };
}

/** Busy until the last killed process is gone. One that stays is removed when a server starts again. */
async function removeGroup(group: string): Promise<void> {
  for (let times = 0; times < 20; times++) {
    try {
      return await rmdir(group);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EBUSY") throw error;
      await delay(50);
    }
  }
}
