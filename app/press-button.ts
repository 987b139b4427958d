import type { ButtonAction } from "../shared/check-run-button.ts";
import { requestControl } from "../shared/control.ts";
import { Refusal } from "../shared/errors.ts";
import type { Text } from "../shared/language.ts";
import { covers, type Role } from "../shared/role.ts";
import type { ClickContext } from "./click-context.ts";
import { decideApproval } from "./decide-approval.ts";
import type { AppDeps } from "./deps.ts";
import { fixOnPull } from "./fix-on-pull.ts";
import { roleFor } from "./policy/command-roles.ts";
import { noteDecision } from "./policy/decisions.ts";
import { requireNoHoldOn } from "./policy/hold.ts";
import { roleOfSender, standingOf } from "./policy/standing.ts";
import { clickRefused, notForBots, refusedForRole } from "./replies/who-may.ts";
import { replyOnce } from "./reply.ts";

export type Click = {
  action: ButtonAction;
  /** What they see there. */
  label: string;
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
const wishes: Record<ButtonAction, Text> = {
  approve: { en: "approve it", de: "Zustimmen" },
  reject: { en: "reject it", de: "Ablehnen" },
  resume: { en: "let it go on", de: "Weitergehen lassen" },
  cancel: { en: "cancel it", de: "Abbrechen" },
  retry: { en: "retry it", de: "Es noch einmal versuchen" },
  fix: { en: "mend what CI says is broken", de: "Beheben, was laut CI nicht stimmt," },
};

/** What lets an execution go on. */
const goesOn: Partial<Record<ButtonAction, true>> = { approve: true, resume: true, retry: true };

/**
 * Does what a button says, when the person who clicked it may. A refusal is written down, and is one short answer; else the
 * check run shows what comes of it. Bots are not answered: they might click again.
 */
export async function press(click: Click, around: Around): Promise<void> {
  const { context, deps } = around;
  const { sender } = context.payload;
  const isBot = standingOf(sender, deps) === "bot";
  try {
    if (isBot) throw new Refusal(notForBots(sender.login));
    const needed = await requireRole(click, around);
    if (goesOn[click.action]) await requireNoHoldOn(click, around);
    await obey(click, needed, around);
    deps.log.info(
      { delivery: context.id, execution_id: click.execution, action: click.action },
      "button pressed",
    );
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { key, place, label } = click;
    const decision = { issue: place, wish: `the button ${label}`, reason: error.message };
    await noteDecision(deps.db, { ...context, id: key }, decision);
    if (isBot) return;
    const text = clickRefused(sender.login, error.text);
    await replyOnce(context, { issue: place, key, text }, deps);
  }
}

/** Gives the role that is asked for again when what they start begins. GitHub knows none of a bot. */
async function requireRole({ action }: Click, { context, deps }: Around): Promise<Role | undefined> {
  const { repository, sender } = context.payload;
  const { roles } = await deps.configs.of(context);
  const needed = roleFor(commandOf[action], { roles, isPublic: !repository.private });
  const standing = standingOf(sender, deps);
  const role = await roleOfSender(standing, { ...context, repository: context.repo(), sender });
  if (!covers(role, needed)) throw new Refusal(refusedForRole(wishes[action], needed, role));
  return standing === "person" ? needed : undefined;
}

async function obey(
  { action, hash, execution, place, key }: Click,
  needs: Role | undefined,
  { context, deps }: Around,
): Promise<void> {
  const { sender } = context.payload;
  if (action === "approve" || action === "reject") {
    const decision = action === "approve" ? "approved" : "rejected";
    const person = { octokit: context.octokit, repository: context.repo(), person: sender };
    await decideApproval({ execution, decision, hash }, { ...deps, ...person });
    return;
  }
  if (action === "fix") return fixOnPull({ place, needs }, { context, deps });
  const role = needs && { of: sender.id, needs };
  await requestControl({ execution, kind: action, requestedBy: sender.login, role, delivery: key }, deps);
}
