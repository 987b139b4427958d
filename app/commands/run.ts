import { Refusal } from "../../shared/errors.ts";
import { commandNames } from "../../shared/workflow-starts.ts";
import type { Command } from "./command.ts";
import { createStart } from "./start.ts";

export const run: Command = {
  name: "run",
  text: "[instructions]",
  summary: "Work on this issue and open a pull request.",
  wish: "start",
  places: ["issue"],
  starts: true,
  async run(call) {
    const workflow = call.deps.workflows.find(({ definition }) =>
      commandNames(definition.on).includes("run"),
    );
    if (!workflow) throw new Refusal("No workflow is started by `/afu9 run`. See `workflows/`.");
    return createStart(workflow, "run").run(call);
  },
};
