import { Refusal } from "../../shared/errors.ts";
import { commandNames } from "../../shared/workflow-starts.ts";
import { notInWorkflows } from "../replies/commands.ts";
import type { Command } from "./command.ts";
import { createStart } from "./start.ts";

type Said = Pick<Command, "name" | "text" | "summary" | "details">;

/** A command of AFU-9's own that starts the workflow which names it, and says more of itself than a workflow does. */
export function createOwnStart(said: Said): Command {
  return {
    ...said,
    wish: { en: "start this", de: "Das starten" },
    places: ["issue"],
    starts: true,
    async run(call) {
      const workflow = call.deps.workflows.find(({ definition }) =>
        commandNames(definition.on).includes(said.name),
      );
      if (!workflow) throw new Refusal(notInWorkflows(said.name));
      return createStart(workflow, said.name).run(call);
    },
  };
}
