// What `doctor` finds: one line each, with what to do where something is wrong.
import type { Database } from "../../shared/db.ts";
import type { GitHubApp } from "../../shared/github.ts";

export type Finding = {
  /** What was looked at: `database`. */
  about: string;
  /** `open`: not known, or not used here. It is no fault. */
  state: "well" | "fault" | "open";
  detail: string;
  /** What to do about a fault. */
  mend?: string;
};

export type Patient = {
  env: NodeJS.ProcessEnv;
  /** AFU-9's own folder. */
  root: string;
  db(): Promise<Database>;
  github(): Promise<Pick<GitHubApp, "asApp">>;
};

/** A question that `doctor` asks of an installation. A throw is a fault with the error's words. */
export type Check = { about: string; look(patient: Patient): Promise<Answer | Answer[]> };
export type Answer = Omit<Finding, "about"> & { about?: string };

export const well = (detail: string): Answer => ({ state: "well", detail });
export const open = (detail: string): Answer => ({ state: "open", detail });
export const fault = (detail: string, mend: string): Answer => ({ state: "fault", detail, mend });
