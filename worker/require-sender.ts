import { PermanentFault } from "../shared/errors.ts";
import type { GitHubApp } from "../shared/github.ts";
import type { Claim } from "./engine/claim.ts";
import { senderLostRole } from "./report/wording.ts";
import { freshMs, roleWithout } from "./still-may.ts";

/**
 * Asks GitHub, before an execution begins that has waited, whether who set it off still has the role for it. Throws a
 * `PermanentFault` that says which role is missing.
 */
export async function requireSender(
  { trigger, config, wish }: Pick<Claim, "trigger" | "config" | "wish">,
  { github }: { github: GitHubApp },
): Promise<void> {
  const { needs, at, sender } = trigger;
  const hasBegun = config !== null;
  if (hasBegun || wish === "cancel" || needs === undefined) return;
  if (at !== undefined && Date.now() - Date.parse(at) < freshMs) return;

  const role = await roleWithout(sender, needs, { trigger, github });
  if (role) throw new PermanentFault(senderLostRole(sender.login, needs, role));
}
