import { command } from "../command.ts";
import { describeExecution, nextSteps } from "../execution-text.ts";
import { findExecution } from "../find-execution.ts";
import { readExecution } from "../rows/execution-view.ts";

export const viewExecution = command({
  usage: "executions view <id>",
  summary: "Show an execution: its steps, agents, what it waits for and what was asked of it.",
  async run({ args: [id = ""], deps, out }) {
    const db = await deps.db();
    const execution = await readExecution(db, await findExecution(db, id));
    out.say({
      json: { ...execution, next: nextSteps(execution) },
      text: describeExecution(execution, out.paint),
    });
    return 0;
  },
});
