import { askControl } from "../ask-control.ts";
import type { Command } from "./command.ts";

/** What comes of it is shown by the comment that tells how far the execution is. */
export const pause: Command = {
  name: "pause",
  summary: {
    en: "Stop where it is, until `resume`; what is under way begins again then.",
    de: "Anhalten, wo es ist, bis `resume`; was gerade läuft, beginnt dann noch einmal.",
  },
  wish: { en: "pause it", de: "Anhalten" },
  async run(call) {
    await askControl(call, "pause");
    return undefined;
  },
};
