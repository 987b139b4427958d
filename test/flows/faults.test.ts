// A short version of `npm run test:faults`.
import { randomInt } from "node:crypto";
import { beforeAll, expect, test } from "@jest/globals";
import { type FaultReport, runFaults } from "../faults/run-faults.ts";
import { faultsOf, summary } from "../faults/summary.ts";
import { requireProgram } from "../requires.ts";

const redisTest = requireProgram("redis-server", "apt-get install redis-server");
const seed = Number(process.env.AFU9_FAULTS_SEED ?? randomInt(2 ** 31));
const kills = 5;

let onPostgres: FaultReport;
let onRedis: FaultReport | undefined;
beforeAll(async () => {
  const options = {
    seed,
    kills,
    workerCount: 2,
    inFlight: 3,
    copies: 100,
    spreadMs: 5_000,
    killsPerDisturbance: 1,
    rounds: 1,
    patienceMs: 6_000,
  };
  [onPostgres, onRedis] = await Promise.all([
    runFaults({ ...options, backend: "postgres" }),
    redisTest.isMet ? runFaults({ ...options, backend: "redis" }) : undefined,
  ]);
}, 240_000);

/** Fails with all that the run has to say. */
function expectNoFault(report: FaultReport): void {
  if (faultsOf(report).length > 0) throw new Error(`AFU9_FAULTS_SEED=${seed}\n${summary(report)}`);
  expect(report.kills).toBeGreaterThanOrEqual(kills);
}

test("nothing is lost or done twice when workers are killed and stopped and PostgreSQL crashes", () => {
  expectNoFault(onPostgres);
  expect(onPostgres.disturbances).toHaveProperty(["PostgreSQL restarted (immediate)"]);
});

redisTest("nothing is lost or done twice when Redis is emptied as well", () => {
  expect(onRedis).toBeDefined();
  if (onRedis) expectNoFault(onRedis);
  expect(onRedis?.disturbances).toHaveProperty(["FLUSHALL"]);
});
