import type { Context } from "probot";
import type { Role } from "../../shared/role.ts";
import type { AppDeps } from "../deps.ts";

export type Call = {
  context: Context<"issue_comment.created">;
  deps: AppDeps;
  instructions: string;
  /** Of the person who wrote it, as GitHub has just told. */
  role: Role;
};

export type Command = {
  name: string;
  usage: string;
  summary: string;
  /** What it does, after "I can't … for you". */
  wish: string;
  /** Where it is not what the table says (`policy/command-roles.ts`). */
  role?: Role;
  /** Carries it out. The text that comes back is posted as the answer. */
  run(call: Call): Promise<string | undefined>;
};
