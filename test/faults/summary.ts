import type { FaultReport } from "./run-faults.ts";

const leastRealWork = 0.95;

/** What is wrong with a run, in sentences. */
export function faultsOf({ violations, realWork }: Pick<FaultReport, "violations" | "realWork">): string[] {
  if (realWork >= leastRealWork) return violations;
  return [
    ...violations,
    `Only ${percent(realWork)} of the executions did real work; expected 95 % at least.`,
  ];
}

/** A run in words, for people. */
export function summary(report: FaultReport): string {
  const { backend, points, takeOver, ownEnds, failures } = report;
  const disturbances = Object.entries(report.disturbances).map(([name, count]) => `  ${name}: ${count}`);
  const faults = faultsOf(report);
  return [
    `${backend}, ${report.seconds} s`,
    `  workers killed: ${report.kills}, ${report.killsAtPoints} of them at an await point; apps killed: ${report.appKills}`,
    `  await points: ${points.known}, killed at: ${points.hit}`,
    ...points.spared.map((point) => `    no worker was killed at: ${point}`),
    ...disturbances,
    `  deliveries: ${report.deliveries}, sent ${report.copies} times`,
    `  executions: ${report.executions}, with real work: ${percent(report.realWork)}`,
    `  claimed again after a kill (later than in peace: few slots are alive for many executions): ${takeOver.count}, p50 ${takeOver.p50 ?? "–"} ms, p99 ${takeOver.p99 ?? "–"} ms`,
    ...failures.map((error) => `  failed: ${error}`),
    ...ownEnds.map((lines) => `  a worker ended by itself: ${lines}`),
    faults.length === 0 ? "  no violation" : `  ${faults.length} violations`,
    ...faults.map((fault) => `    ${fault}`),
  ].join("\n");
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
