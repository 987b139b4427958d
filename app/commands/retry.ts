import { askControl } from "../ask-control.ts";
import type { Command } from "./command.ts";

/** What comes of it is shown by the comment that tells how far the execution is. */
export const retry: Command = {
  name: "retry",
  words: "[step]",
  summary: {
    en: "Try it again from the step that failed, or from the step you name.",
    de: "Es noch einmal versuchen, ab dem fehlgeschlagenen Schritt oder ab dem genannten.",
  },
  wish: { en: "retry it", de: "Es noch einmal versuchen" },
  async run(call) {
    const [step] = call.args;
    return { queued: await askControl(call, "retry", { text: step }) };
  },
};
