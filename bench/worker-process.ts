import { z } from "zod";
import { type Environment, processSpec } from "../local/processes.ts";
import { supervise } from "../local/supervise.ts";
import { parseLog } from "../local/supervised-process.ts";
import { until } from "./benchmark.ts";

const ClaimLine = z.object({
  message: z.literal("execution claimed"),
  execution_id: z.string(),
  timestamp: z.coerce.date(),
});
const UsageLine = z.object({
  message: z.literal("usage"),
  rss: z.number(),
  heapUsed: z.number(),
  cpuMs: z.number(),
});
export type Usage = z.infer<typeof UsageLine>;

export type WorkerProcess = {
  /** What it has claimed, by the execution's id: when it did so last, in milliseconds. */
  claimed: Map<string, number>;
  /** Sends a signal and gives the time at which it did. */
  send(signal: NodeJS.Signals): number;
  /** Settles at the time at which it has ended by itself. */
  ended: Promise<number>;
  /** What it uses, after its garbage was collected. */
  usage(): Promise<Usage>;
  close(): Promise<void>;
};

export type WorkerOptions = {
  env: Environment;
  signal: AbortSignal;
  onLine(name: string, line: string): void;
};

/** Starts a worker as in production, and reads its log. */
export async function startWorker({ env, signal, onLine }: WorkerOptions): Promise<WorkerProcess> {
  const claimed = new Map<string, number>();
  const usages: Usage[] = [];
  const ended = Promise.withResolvers<number>();
  const spec = processSpec("worker", env);
  const preload = `--import ${new URL("tell-usage.ts", import.meta.url).href}`;
  const { pids, close } = await supervise([{ ...spec, env: { ...spec.env, NODE_OPTIONS: preload } }], {
    signal,
    onEnd: () => ended.resolve(Date.now()),
    onLine(name, line) {
      onLine(name, line);
      const log = parseLog(line);
      const claim = ClaimLine.safeParse(log);
      if (claim.success) claimed.set(claim.data.execution_id, claim.data.timestamp.getTime());
      const usage = UsageLine.safeParse(log);
      if (usage.success) usages.push(usage.data);
    },
  });
  const send = (name: NodeJS.Signals) => {
    const { worker } = pids;
    if (!worker) throw new Error("Expected the worker to have a process id.");
    process.kill(worker, name);
    return Date.now();
  };
  return {
    claimed,
    send,
    ended: ended.promise,
    async usage() {
      const before = usages.length;
      send("SIGWINCH");
      return until("a worker to tell what it uses", signal, () => usages[before]);
    },
    close,
  };
}
