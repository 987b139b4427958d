import type { Context } from "probot";
import type { Text } from "../../shared/language.ts";
import type { Role } from "../../shared/role.ts";
import type { TriggerSource } from "../../shared/trigger.ts";
import type { Place } from "../../shared/workflow-starts.ts";
import type { AppDeps } from "../deps.ts";
import type { Happened } from "../handlers/trigger-of.ts";
import type { Labelled } from "../labels-of.ts";
import type { Maker } from "../policy/standing.ts";

/** The issue or pull request that a command is about, as GitHub tells of it. */
export type AskedIssue = {
  number: number;
  title: string;
  state: string;
  updated_at: string;
  pull_request?: object | undefined;
  user?: { type?: string | undefined } | null;
  performed_via_github_app?: { id?: number | null } | null;
  body?: string | null;
} & Labelled;

/** What a person wrote, in one shape wherever they wrote it: the webhook, as far as commands look at it. */
export type Asked = Pick<Context, "octokit"> & {
  /** The delivery, and which command of it this is. */
  id: string;
  repo(): { owner: string; repo: string };
  payload: Happened["payload"] & { repository: { private: boolean }; issue: AskedIssue };
  /** Who made what it is written in, and when: as GitHub tells. */
  made: Maker & { performed_via_github_app?: { name?: string } | null };
  at: string | null;
  /** None when a workflow of GitHub Actions asks. It may only start something. */
  source?: TriggerSource | undefined;
  /** The place in the diff that it is written on, and the first comment there: its answer follows that. */
  line?: string | undefined;
  thread?: number | undefined;
};

export type Call = {
  context: Asked;
  deps: AppDeps;
  /** Of a command that takes words: those that were given, each as Commander read it. */
  args: string[];
  /** Of a command that takes a text: what stands after the name, and the lines below. */
  instructions: string;
  /** Of the person who wrote it, as GitHub has just told. */
  role: Role;
  /** The role that they need, which is asked again when what they start begins. A bot's can't be asked. */
  needs: Role | undefined;
};

/** A text is posted as the answer; an execution that was queued tells of itself. */
export type Outcome = Text | { queued: string; said?: Text | undefined } | undefined;

export type Command = {
  name: string;
  /** The words that it takes, as Commander writes arguments: `[step]`. */
  words?: string;
  /** The one text that it takes, up to the end of the comment or the next command: `<text>`. */
  text?: string;
  summary: Text;
  /** What help on this one command says beyond that. */
  details?: Text;
  /** What it does, as `refusedForRole` says it. */
  wish: Text;
  /** Where it works, when that is not everywhere. */
  places?: Place[];
  /** Whether it starts an execution: a comment starts one at most. */
  starts?: boolean;
  /** Where it is not what the table says (`policy/command-roles.ts`). */
  role?: Role;
  run(call: Call): Promise<Outcome>;
};

/** What people type. */
export function usageOf({ name, words, text }: Pick<Command, "name" | "words" | "text">): string {
  return ["/afu9", name, words ?? text].filter(Boolean).join(" ");
}
