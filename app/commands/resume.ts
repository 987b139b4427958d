import { askControl } from "../ask-control.ts";
import type { Command } from "./command.ts";

/** What comes of it is shown by the comment that tells how far the execution is. */
export const resume: Command = {
  name: "resume",
  summary: { en: "Go on after `pause`.", de: "Nach `pause` weitermachen." },
  wish: { en: "resume it", de: "Weitermachen" },
  async run(call) {
    await askControl(call, "resume");
    return undefined;
  },
};
