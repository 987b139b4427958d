import { askControl } from "../ask-control.ts";
import type { Command } from "./command.ts";

/** What comes of it is shown by the comment that tells how far the execution is. */
export const retry: Command = {
  name: "retry",
  usage: "/afu9 retry [step]",
  summary: "Try it again from the step that failed, or from the step you name.",
  wish: "retry it",
  async run(call) {
    const [step] = call.instructions.split(/\s/);
    await askControl(call, "retry", { text: step });
    return undefined;
  },
};
