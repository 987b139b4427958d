import type { ButtonAction } from "../shared/check-run-button.ts";
import { requestControl } from "../shared/control.ts";
import { Refusal } from "../shared/errors.ts";
import { roleOf } from "../shared/permission.ts";
import { covers } from "../shared/role.ts";
import type { ClickContext } from "./click-context.ts";
import { decideApproval } from "./decide-approval.ts";
import type { AppDeps } from "./deps.ts";
import { fixOnPull } from "./fix-on-pull.ts";
import { roleFor } from "./policy/command-roles.ts";
import { clickRefused, refusedForRole } from "./replies.ts";
import { replyOnce } from "./reply.ts";

export type Click = {
  action: ButtonAction;
  /** Of a decision: the beginning of the content's hash. */
  hash?: string;
  execution: string;
  /** The issue or pull request where a refusal is answered. */
  place: number;
  /** The same click comes with the same key. */
  key: string;
};
type Around = { context: ClickContext; deps: AppDeps };

/** The command that a button stands for: it takes the same role. */
const commandOf = {
  approve: "approve",
  reject: "reject",
  resume: "resume",
  cancel: "cancel",
  retry: "retry",
  fix: "fix-ci",
};
const wishes: Record<ButtonAction, string> = {
  approve: "approve it",
  reject: "reject it",
  resume: "let it go on",
  cancel: "cancel it",
  retry: "retry it",
  fix: "mend what CI says is broken",
};

/** Does what a button says, when the person who clicked it may. A refusal is one short answer; else the check run shows what comes of it. */
export async function press(click: Click, around: Around): Promise<void> {
  const { context, deps } = around;
  try {
    await requireRole(click, around);
    await obey(click, around);
    deps.log.info(
      { delivery: context.id, execution_id: click.execution, action: click.action },
      "button pressed",
    );
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const text = clickRefused(context.payload.sender.login, error.message);
    await replyOnce(context, { issue: click.place, key: click.key, text });
  }
}

async function requireRole({ action }: Click, { context, deps }: Around): Promise<void> {
  const { repository, sender } = context.payload;
  const { roles } = await deps.configs.of(context);
  const needed = roleFor(commandOf[action], { roles, isPublic: !repository.private });
  const role = await roleOf(context.octokit, context.repo(), sender);
  if (!covers(role, needed)) throw new Refusal(refusedForRole(wishes[action], needed, role));
}

async function obey(
  { action, hash, execution, place, key }: Click,
  { context, deps }: Around,
): Promise<void> {
  const { sender } = context.payload;
  if (action === "approve" || action === "reject") {
    const decision = action === "approve" ? "approved" : "rejected";
    const person = { octokit: context.octokit, repository: context.repo(), person: sender };
    await decideApproval({ execution, decision, hash }, { ...deps, ...person });
    return;
  }
  if (action === "fix") return fixOnPull(place, { context, deps });
  await requestControl({ execution, kind: action, requestedBy: sender.login, delivery: key }, deps);
}
