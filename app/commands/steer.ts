import { askControl } from "../ask-control.ts";
import { willSteer } from "../replies.ts";
import type { Command } from "./command.ts";

export const steer: Command = {
  name: "steer",
  text: "<text>",
  summary: "Tell the agent something at its next turn.",
  wish: "steer it",
  async run(call) {
    await askControl(call, "steer", { text: call.instructions });
    return willSteer();
  },
};
