import { executionOf } from "../find-execution.ts";
import { readStatus } from "../read-status.ts";
import { statusOf } from "../status-reply.ts";
import type { Command } from "./command.ts";

export const status: Command = {
  name: "status",
  summary: "Tell how far it is, what it cost, and what you can type next.",
  wish: "tell how far it is",
  async run(call) {
    const id = await executionOf(call);
    return statusOf(await readStatus(call.deps.db, id));
  },
};
