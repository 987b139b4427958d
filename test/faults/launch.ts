// One process with the preload that reports its await points and ends it at one of them.

import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Supervised } from "../../local/supervise.ts";
import { parseLog } from "../../local/supervised-process.ts";
import type { StartOptions } from "../system.ts";
import { type CrashAt, Said } from "./crash-at.ts";

export type Start = (how: StartOptions) => Promise<Supervised & { url: string }>;

export type Crash = Said & { message: "crash" };

export type Launched = {
  /** Its name in the database, `application_name`. */
  writer: string;
  /** Undefined when it ended before it was up. */
  process: (Supervised & { url: string }) | undefined;
  /** Settles when it gets to the point that it was given. */
  struck: Promise<void>;
  /** What it said when it got there. */
  crash(): Crash | undefined;
  ended: Promise<void>;
  hasEnded(): boolean;
  close(): Promise<void>;
  lastLines: string[];
  /** Sends a signal; one to a process that has ended is lost. */
  signal(name: NodeJS.Signals): void;
};

/** Node's own place for compiled code: with it a process is up in half the time. */
const cache = join(tmpdir(), "node-compile-cache");
const preload = new URL("./crash-point.ts", import.meta.url).href;

export async function launch(
  start: Start,
  options: { writer: string; crash: CrashAt | undefined; listen(said: Said): void },
): Promise<Launched> {
  const { writer, crash, listen } = options;
  const ended = Promise.withResolvers<void>();
  const struck = Promise.withResolvers<void>();
  let crashed: Crash | undefined;
  const lastLines: string[] = [];
  let hasEnded = false;
  const end = () => {
    hasEnded = true;
    ended.resolve();
  };
  const more = {
    NODE_OPTIONS: `--import=${preload}`,
    NODE_COMPILE_CACHE: cache,
    PGAPPNAME: writer,
    ...(crash && { AFU9_CRASH_AT: JSON.stringify(crash) }),
  };
  const process_ = await start({
    more,
    onLine(line) {
      const said = Said.safeParse(parseLog(line));
      if (said.success) listen(said.data);
      if (said.success && said.data.message === "crash") {
        crashed = said.data;
        struck.resolve();
      }
      if (said.success) return;
      lastLines.push(line);
      if (lastLines.length > 5) lastLines.shift();
    },
    onEnd: end,
  }).catch((error: Error) => {
    lastLines.push(error.message);
    end();
    return undefined;
  });
  const [pid] = Object.values(process_?.pids ?? {});

  return {
    writer,
    process: process_,
    struck: struck.promise,
    crash: () => crashed,
    ended: ended.promise,
    hasEnded: () => hasEnded,
    async close() {
      await process_?.close();
      end();
    },
    lastLines,
    signal(name) {
      try {
        if (pid) process.kill(pid, name);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      }
    },
  };
}
