import { askControl } from "../ask-control.ts";
import type { Command } from "./command.ts";

/** What comes of it is shown by the comment that tells how far the execution is. */
export const retry: Command = {
  name: "retry",
  words: "[step]",
  summary: "Try it again from the step that failed, or from the step you name.",
  wish: "retry it",
  async run(call) {
    const [step] = call.args;
    return { queued: await askControl(call, "retry", { text: step }) };
  },
};
