import { Refusal } from "../../shared/errors.ts";
import { decideApproval } from "../decide-approval.ts";
import { executionOf } from "../find-execution.ts";
import { requireNoHoldOn } from "../policy/hold.ts";
import { notAHash, withUsage } from "../replies/commands.ts";
import { type Command, usageOf } from "./command.ts";

export const approve: Command = {
  name: "approve",
  text: "[hash] [reason]",
  summary: {
    en: "Agree with what is asked; the first 8 characters of its hash say with which content.",
    de: "Dem zustimmen, wonach gefragt wird; der Anfang des Hashes (8 Zeichen) sagt, welchem Inhalt.",
  },
  wish: { en: "approve it", de: "Zustimmen" },
  async run(call) {
    const [hash, ...words] = call.instructions.split(/\s+/).filter(Boolean);
    // Somebody who writes "approve looks good" may mean what stood there before.
    if (hash !== undefined && !/^[0-9a-f]{8,64}$/i.test(hash))
      throw new Refusal(withUsage(notAHash(hash), approve.name, usageOf(approve)));
    const execution = await executionOf(call);
    const { context, deps } = call;
    await requireNoHoldOn({ execution, place: context.payload.issue.number }, call);
    return decideApproval(
      { execution, decision: "approved", hash, reason: words.join(" ") },
      { ...deps, octokit: context.octokit, repository: context.repo(), person: context.payload.sender },
    );
  },
};
