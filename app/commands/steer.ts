import { askControl } from "../ask-control.ts";
import { willSteer } from "../replies/commands.ts";
import type { Command } from "./command.ts";

export const steer: Command = {
  name: "steer",
  text: "<text>",
  summary: {
    en: "Tell the agent something at its next turn.",
    de: "Dem Agenten etwas sagen, sobald er wieder an der Reihe ist.",
  },
  wish: { en: "steer it", de: "Den Agenten lenken" },
  async run(call) {
    await askControl(call, "steer", { text: call.instructions });
    return willSteer();
  },
};
