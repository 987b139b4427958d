// `npm run test:faults -- [--seed N] [--kills N] [--backend postgres|redis|both]`: kills workers at every await point of an execution, on
// shaking ground, and checks that nothing was lost, done twice or paid for twice.
import { randomInt } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { program } from "commander";
import { z } from "zod";
import { stopSignal } from "../../local/stop-signal.ts";
import { runFaults } from "./run-faults.ts";
import { faultsOf, summary } from "./summary.ts";

const Options = z.object({
  seed: z.coerce.number().int().nonnegative(),
  kills: z.coerce.number().int().positive(),
  backend: z.enum(["postgres", "redis", "both"]),
  logs: z.string().optional(),
});

const options = Options.parse(
  program
    .option("--seed <number>", "repeats the choices of another run", String(randomInt(2 ** 31)))
    .option("--kills <number>", "how many workers are killed, over all backends", "500")
    .option("--backend <name>", "postgres, redis or both", "both")
    .option("--logs <folder>", "where the lines of all processes are kept, a file for each backend")
    .parse()
    .opts(),
);
const signal = stopSignal();
const backends = options.backend === "both" ? (["postgres", "redis"] as const) : [options.backend];
process.stdout.write(`seed ${options.seed}\n`);

try {
  await run();
} catch (error) {
  // Whatever was started has ended: each run ends what it began, whatever became of it.
  if (!signal.aborted) throw error;
  process.stderr.write("Stopped before the end; nothing was checked.\n");
  process.exitCode = 130;
}

async function run(): Promise<void> {
  if (options.logs) await mkdir(options.logs, { recursive: true });
  // Side by side: a run waits for leases to end for much of its time.
  const reports = await Promise.all(
    backends.map(async (backend) => {
      const report = await runFaults({
        backend,
        seed: options.seed,
        kills: Math.ceil(options.kills / backends.length),
        workerCount: 3,
        inFlight: 16,
        copies: 100,
        spreadMs: 20_000,
        killsPerDisturbance: 12,
        rounds: options.kills,
        patienceMs: 12_000,
        signal,
        logFile: options.logs && join(options.logs, `${backend}.log`),
        onProgress: (text) =>
          process.stderr.write(`${Math.round(performance.now() / 1000)} s, ${backend}: ${text}\n`),
      });
      process.stdout.write(`${summary(report)}\n`);
      return report;
    }),
  );
  const kills = reports.reduce((sum, report) => sum + report.kills, 0);
  const points = reports.map((report) => report.points.hit).join(" and ");
  process.stdout.write(`seed ${options.seed}: ${kills} kills at ${points} await points\n`);
  process.exitCode = reports.every((report) => faultsOf(report).length === 0) ? 0 : 1;
}
