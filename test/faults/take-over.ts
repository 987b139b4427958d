import type { Kill } from "./keep-alive.ts";
import type { Claimed } from "./writers-book.ts";

/** How long each execution that a killed worker held waited for its next claim, in ms, the shortest first. */
export function takeOverTimes(kills: Kill[], claims: Claimed[], finished: Map<string, Date>): number[] {
  const byExecution = Map.groupBy(claims, ({ execution }) => execution);
  const times = [...byExecution.values()].flatMap((own) =>
    own.flatMap((claim, index) => {
      const next = own[index + 1];
      const kill = kills.find(({ writer }) => writer === claim.writer);
      const end = finished.get(claim.execution)?.getTime() ?? Number.POSITIVE_INFINITY;
      if (!kill || !next || next.at.getTime() < kill.at || end < kill.at) return [];
      return [next.at.getTime() - kill.at];
    }),
  );
  return times.sort((a, b) => a - b);
}

/** The value that a share of all does not exceed. Undefined when there is none. */
export function percentile(sorted: number[], share: number): number | undefined {
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)];
}
