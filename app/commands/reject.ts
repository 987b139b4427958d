import { decideApproval } from "../decide-approval.ts";
import { executionOf } from "../find-execution.ts";
import type { Command } from "./command.ts";

export const reject: Command = {
  name: "reject",
  text: "[reason]",
  summary: "Disagree with what is asked.",
  wish: "reject it",
  async run(call) {
    const { context, deps, instructions } = call;
    const execution = await executionOf(call);
    return decideApproval(
      { execution, decision: "rejected", reason: instructions },
      { ...deps, octokit: context.octokit, repository: context.repo(), person: context.payload.sender },
    );
  },
};
