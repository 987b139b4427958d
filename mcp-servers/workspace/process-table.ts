// Which processes a command has started, and how much memory they use, from Linux's /proc. Elsewhere there are none to see.
import { readdirSync, readFileSync } from "node:fs";

export type ProcessTree = { count: number; memoryBytes: number };

export type ProcessTable = {
  /** The process, what it started, and what those started. Undefined where there is no /proc. */
  treeOf(pid: number): ProcessTree | undefined;
};

/** Several that look at about the same time share one look. */
const freshMs = 100;

export function createProcessTable(): ProcessTable {
  let taken = { at: Number.NEGATIVE_INFINITY, children: new Map<number, number[]>() };

  function childrenNow(): Map<number, number[]> {
    if (performance.now() - taken.at > freshMs) taken = { children: readChildren(), at: performance.now() };
    return taken.children;
  }

  return {
    treeOf(pid) {
      const children = childrenNow();
      if (children.size === 0) return undefined;
      const pids = new Set([pid]);
      // A set gives also what is added while it is gone through.
      for (const one of pids) for (const child of children.get(one) ?? []) pids.add(child);
      let memoryBytes = 0;
      for (const one of pids) memoryBytes += ownMemory(one);
      return { count: pids.size, memoryBytes };
    },
  };
}

/** By the number of a process those that it started, and by that of a process group its members. */
function readChildren(): Map<number, number[]> {
  const children = new Map<number, number[]>();
  const add = (of: number, pid: number) => {
    const known = children.get(of);
    if (known) known.push(pid);
    else children.set(of, [pid]);
  };
  for (const name of entriesOfProc()) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readProc(`${name}/stat`);
    // The name of the program is in brackets and may hold anything: `17 (a) b) S 1 17 …`.
    const [, parent, group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    for (const of of new Set([Number(parent), Number(group)])) add(of, Number(name));
  }
  return children;
}

/** What it does not share with others. A file that is mapped into memory is no use of memory. */
function ownMemory(pid: number): number {
  return Number(readProc(`${pid}/status`).match(/^RssAnon:\s+(\d+) kB/m)?.[1] ?? 0) * 1024;
}

function entriesOfProc(): string[] {
  return process.platform === "linux" ? readdirSync("/proc") : [];
}

/** Empty for a process that has ended meanwhile. */
function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, "utf8");
  } catch (error) {
    if (["ENOENT", "ESRCH"].includes((error as NodeJS.ErrnoException).code ?? "")) return "";
    throw error;
  }
}
