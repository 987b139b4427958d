import { plainText } from "../../shared/terminal-text.ts";
import type { Outcome } from "./outcome.ts";
import type { Rows } from "./read-rows.ts";
import type { Terminal } from "./terminal.ts";

const longestReason = 40;

/** Why a demo did not end with a pull request: the step that failed, and the end of what it said. */
export function failureReport(
  error: string,
  outcome: Outcome,
  rows: Rows | undefined,
  paint: Terminal["paint"],
): string {
  const failed = rows?.steps.find(({ status }) => status === "failed");
  const where = failed ? `The step "${failed.name}" failed.` : "The demo failed.";
  const lines = plainText(failed?.error ?? error)
    .trimEnd()
    .split("\n");
  const cut = lines.length - longestReason;
  // The first line is the reason, the last ones are the end of a command's output.
  const shown = cut > 0 ? [lines[0] ?? "", `… ${cut} lines …`, ...lines.slice(1 - longestReason)] : lines;
  const pull = outcome.pullRequest && `The pull request is ${outcome.pullRequest.url}`;
  return [paint("red", where), ...shown.map((line) => `  ${line}`), pull].filter(Boolean).join("\n");
}
