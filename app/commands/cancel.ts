import { askControl } from "../ask-control.ts";
import type { Command } from "./command.ts";

/** What comes of it is shown by the comment that tells how far the execution is. */
export const cancel: Command = {
  name: "cancel",
  summary: {
    en: "Stop for good. What was done stays; a pull request stays open.",
    de: "Endgültig aufhören. Was getan ist, bleibt; ein Pull Request bleibt offen.",
  },
  wish: { en: "cancel it", de: "Abbrechen" },
  async run(call) {
    await askControl(call, "cancel");
    return undefined;
  },
};
