import { askControl } from "../ask-control.ts";
import type { Command } from "./command.ts";

/** What comes of it is shown by the comment that tells how far the execution is. */
export const pause: Command = {
  name: "pause",
  summary: "Stop where it is, until `resume`; what is under way begins again then.",
  wish: "pause it",
  async run(call) {
    await askControl(call, "pause");
    return undefined;
  },
};
