// A short version of `npm run test:faults`.
import { randomInt } from "node:crypto";
import { expect, test } from "@jest/globals";
import { runFaults } from "../faults/run-faults.ts";
import { faultsOf, summary } from "../faults/summary.ts";
import { requireProgram } from "../requires.ts";

const onRedis = requireProgram("redis-server", "apt-get install redis-server");
const seed = Number(process.env.AFU9_FAULTS_SEED ?? randomInt(2 ** 31));

/** Runs with few kills and fails with all that the run has to say. */
async function shaken(backend: "postgres" | "redis"): Promise<void> {
  const report = await runFaults({
    backend,
    seed,
    kills: 6,
    workerCount: 2,
    inFlight: 4,
    copies: 100,
    spreadMs: 5_000,
    killsPerDisturbance: 1,
    patienceMs: 6_000,
  });
  if (faultsOf(report).length > 0) throw new Error(`AFU9_FAULTS_SEED=${seed}\n${summary(report)}`);
  expect(report.kills).toBeGreaterThanOrEqual(6);
  expect(report.disturbances).toMatchObject({ "PostgreSQL restarted (immediate)": expect.any(Number) });
}

test.concurrent(
  "nothing is lost or done twice when workers are killed and PostgreSQL crashes",
  () => shaken("postgres"),
  120_000,
);
onRedis("nothing is lost or done twice when Redis is emptied as well", () => shaken("redis"), 120_000);
