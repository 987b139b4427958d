import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "@jest/globals";
import { processesLeft } from "./processes-left.ts";

test("a process that still runs in a group is found, and not when its group has ended", async () => {
  const child = spawn("sleep", ["60"], { detached: true });
  await once(child, "spawn");
  const pid = child.pid ?? 0;
  expect(processesLeft([{ pid }])).toEqual([`The process ${pid}, or one that it started, was left running.`]);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(processesLeft([{ pid }])).toEqual([]);
});

test("a group that got the number of one which had ended before is another's", () => {
  const running = [
    { group: 7, seconds: 10 },
    { group: 8, seconds: 30 },
  ];
  const now = 1_000_000;
  const ended = (pid: number) => ({ pid, endedAt: now - 20_000 });
  expect(processesLeft([ended(7), ended(8)], now, running)).toEqual([
    "The process 8, or one that it started, was left running.",
  ]);
});
