import { executionOf } from "../find-execution.ts";
import { readStatus } from "../read-status.ts";
import { statusOf } from "../replies/status.ts";
import type { Command } from "./command.ts";

export const status: Command = {
  name: "status",
  summary: {
    en: "Tell how far it is, what it cost, and what you can type next.",
    de: "Sagen, wie weit es ist, was es gekostet hat und was Sie als Nächstes schreiben können.",
  },
  wish: { en: "tell how far it is", de: "Sagen, wie weit es ist," },
  async run(call) {
    const id = await executionOf(call);
    return statusOf(await readStatus(call.deps.db, id));
  },
};
