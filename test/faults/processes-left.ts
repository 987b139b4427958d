// Whatever a process started belongs to its group. A number is given anew after some ten thousand processes, so that a group of
// this number may be another's by now: its members are younger than the end of ours.
import { execFileSync } from "node:child_process";

/** A process that led a group of its own. One without an end was ended just now. */
export type Leader = { pid: number; endedAt?: number };

/** Those of whom something still runs, as sentences. */
export function processesLeft(leaders: Leader[], now = Date.now(), running = readRunning()): string[] {
  return leaders
    .filter(({ pid, endedAt = now }) =>
      running.some((one) => one.group === pid && now - one.seconds * 1_000 <= endedAt),
    )
    .map(({ pid }) => `The process ${pid}, or one that it started, was left running.`);
}

type Running = { group: number; seconds: number };

function readRunning(): Running[] {
  const lines = execFileSync("ps", ["-eo", "pgid=,etime="], { encoding: "utf8" }).trim().split("\n");
  return lines.map((line) => {
    const [group = "", time = ""] = line.trim().split(/\s+/);
    return { group: Number(group), seconds: secondsOf(time) };
  });
}

/** `ps` writes `[[days-]hours:]minutes:seconds`. */
function secondsOf(time: string): number {
  const [clock = "", days = "0"] = time.split("-").reverse();
  return clock.split(":").reduce((sum, part) => sum * 60 + Number(part), 0) + Number(days) * 86_400;
}
