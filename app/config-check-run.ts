import type { Context } from "probot";
import type { FetchedConfig } from "../shared/fetch-config-file.ts";
import type { LineFault } from "../shared/read-yaml.ts";
import { repositoryConfigPath } from "../shared/repository-config.ts";
import { type ConfigVersion, configCanBeUsed, configCantBeUsed, configIsGone } from "./config-wording.ts";
import type { Doubt } from "./doubtful-config.ts";

export const configCheckName = "AFU-9 config";

/** GitHub's limit for one request. */
const maxAnnotations = 50;

type Checked = ConfigVersion & {
  commit: string;
  fetched: Exclude<FetchedConfig, { is: "unchanged" }>;
  /** What has no effect, in a file that can be used. */
  doubts: Doubt[];
};
type Asking = Pick<Context, "octokit"> & { repo(): { owner: string; repo: string } };

/** Says on a commit whether its file can be used, with each fault on its line. What was said is not said again. */
export async function reportConfigCheck(
  context: Asking,
  { commit, fetched, doubts, ...version }: Checked,
  appId: number,
): Promise<void> {
  const { checks } = context.octokit.rest;
  const known = await checks.listForRef({
    ...context.repo(),
    ref: commit,
    check_name: configCheckName,
    app_id: appId,
  });
  if (known.data.total_count > 0) return;
  await checks.create({
    ...context.repo(),
    name: configCheckName,
    head_sha: commit,
    status: "completed",
    conclusion: fetched.is === "broken" ? "failure" : "success",
    output: outputOf(fetched, version, doubts),
  });
}

function outputOf(fetched: Checked["fetched"], version: ConfigVersion, doubts: Doubt[]) {
  if (fetched.is === "absent") return configIsGone();
  if (fetched.is === "usable") {
    const warnings = doubts.map(({ line, text }) => ({ line, message: text.en }));
    return { ...configCanBeUsed(version, warnings), annotations: annotated(warnings, "warning") };
  }
  return { ...configCantBeUsed(version, fetched.faults), annotations: annotated(fetched.faults, "failure") };
}

function annotated(faults: LineFault[], level: "warning" | "failure") {
  return faults.slice(0, maxAnnotations).map(({ line, message }) => ({
    path: repositoryConfigPath,
    start_line: line,
    end_line: line,
    annotation_level: level,
    message,
  }));
}
