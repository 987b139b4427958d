import { isAdopted } from "../../shared/adopted.ts";
import { PermanentFault } from "../../shared/errors.ts";
import type { RepositoryConfig } from "../../shared/repository-config.ts";
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

/**
 * A toolbox that, on a pull request with the commits of an adopted fork, sets up and verifies as the default branch says: who
 * adopted the commits has not agreed with a configuration among them. Whatever the workflow says.
 */
export function withForkUnheard(
  toolbox: Toolbox,
  trigger: Pick<Trigger, "pullRequest">,
  { setup, verify, network }: Pick<RepositoryConfig, "setup" | "verify" | "network">,
): Toolbox {
  if (!isAdopted(trigger)) return toolbox;
  return {
    ...toolbox,
    async call(call) {
      if (call.tool !== checkout) return toolbox.call(call);
      const input = { defaults: { setup, verify, network }, ...call.input, ownCommands: false };
      return toolbox.call({ ...call, input });
    },
  };
}
