import type { Context } from "probot";
import type { Happened } from "./handlers/trigger-of.ts";

/** The webhook of a click, as far as it is looked at. */
export type ClickContext = Pick<Context, "octokit"> & {
  id: string;
  repo(): { owner: string; repo: string };
  payload: Happened["payload"] & { repository: { private?: boolean } };
};
