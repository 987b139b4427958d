import { PermanentFault } from "../../shared/errors.ts";
import type { Trigger } from "../../shared/trigger.ts";
import type { Toolbox } from "./toolbox.ts";

const checkout = "workspace.openWorkspace";

/**
 * A toolbox that, on a pull request from a fork, checks out nothing whose setup would run: its commands are the fork's own,
 * and setup has a network. Whoever opened it need not be trusted, whatever the workflow says.
 */
export function withForkUnrun(toolbox: Toolbox, { pullRequest }: Pick<Trigger, "pullRequest">): Toolbox {
  if (!pullRequest?.isFork) return toolbox;
  return {
    ...toolbox,
    async call(call) {
      if (call.tool === checkout && call.input.setup !== false)
        throw new PermanentFault(
          `On a pull request from a fork \`${checkout}\` needs \`setup: false\`: the setup commands would be the fork's.`,
        );
      return toolbox.call(call);
    },
  };
}
