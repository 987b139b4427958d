import { askControl } from "../ask-control.ts";
import type { Command } from "./command.ts";

/** What comes of it is shown by the comment that tells how far the execution is. */
export const cancel: Command = {
  name: "cancel",
  summary: "Stop for good. What was done stays; a pull request stays open.",
  wish: "cancel it",
  async run(call) {
    await askControl(call, "cancel");
    return undefined;
  },
};
