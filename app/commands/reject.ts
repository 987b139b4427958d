import { decideApproval } from "../decide-approval.ts";
import { executionOf } from "../find-execution.ts";
import type { Command } from "./command.ts";

export const reject: Command = {
  name: "reject",
  text: "[reason]",
  summary: { en: "Disagree with what is asked.", de: "Ablehnen, wonach gefragt wird." },
  wish: { en: "reject it", de: "Ablehnen" },
  async run(call) {
    const { context, deps, instructions } = call;
    const execution = await executionOf(call);
    return decideApproval(
      { execution, decision: "rejected", reason: instructions },
      { ...deps, octokit: context.octokit, repository: context.repo(), person: context.payload.sender },
    );
  },
};
