import { setTimeout } from "node:timers/promises";
import { command } from "../command.ts";
import { changesSince } from "../execution-changes.ts";
import type { ExitCode } from "../exit-codes.ts";
import { findExecution } from "../find-execution.ts";
import { type ExecutionView, readExecution } from "../rows/execution-view.ts";
import { short, typed } from "../wording.ts";

const lookEveryMs = 1_000;
const endings: Record<string, ExitCode> = { succeeded: 0, failed: 1, cancelled: 4 };

export const followExecution = command({
  usage: "executions follow <id>",
  summary: "Print what happens in an execution until it ends.",
  details:
    "It ends with 0 when the execution succeeded, 1 when it failed, 4 when it was cancelled. Ctrl-C (130) ends the following only. With --json each change is one object on a line of its own.",
  async run({ args: [id = ""], deps, out }) {
    const db = await deps.db();
    const execution = await findExecution(db, id);
    let before: ExecutionView | undefined;
    while (true) {
      const now = await readExecution(db, execution);
      for (const change of changesSince(before, now, out.paint)) out.say(change);
      if (now.finishedAt) return endings[now.status] ?? 1;
      before = now;
      await setTimeout(lookEveryMs, undefined, { signal: deps.signal }).catch(() => {});
      if (deps.signal.aborted) {
        out.remark(`\nIt goes on. \`${typed} executions follow ${short(execution)}\` follows it again.`);
        return 130;
      }
    }
  },
});
