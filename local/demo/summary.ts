// The end of a demo in words.

import { plainText, plural } from "../../shared/terminal-text.ts";
import type { Check } from "./check.ts";
import { describeCommand, essence } from "./check.ts";
import type { Outcome } from "./outcome.ts";
import type { Terminal } from "./terminal.ts";

export type SummaryInput = {
  outcome: Outcome;
  issueUrl: string;
  diff: string;
  before?: Check;
  after?: Check;
  isScripted: boolean;
};

const longestDiff = 400;

export function summary(input: SummaryInput, paint: Terminal["paint"]): string {
  const { outcome, issueUrl, diff, before, after } = input;
  const { pullRequest, checkRuns } = outcome;
  const head = pullRequest
    ? [
        `${paint("bold", `Pull request #${pullRequest.number}`)}  ${plainText(pullRequest.title)}`,
        `  ${pullRequest.url}`,
        `  ${pullRequest.head.branch} at ${pullRequest.head.sha.slice(0, 7)}, for ${pullRequest.base.branch}`,
        ...checkRuns.map(({ name, status, conclusion }) => `  check run ${name}: ${conclusion ?? status}`),
        `  the issue: ${issueUrl}`,
      ]
    : [];
  const parts = [
    head.join("\n"),
    diff && `${paint("bold", "Diff")}\n${paintDiff(diff, paint)}`,
    before && checkPart("Tests before", before, paint),
    after && checkPart("Tests after", after, paint),
    spentLine(input),
  ];
  return parts.filter(Boolean).join("\n\n");
}

function paintDiff(diff: string, paint: Terminal["paint"]): string {
  const lines = plainText(diff).trimEnd().split("\n");
  const shown = lines.slice(0, longestDiff).map((line) => {
    if (/^(?:diff|index|---|\+\+\+) /.test(line)) return paint("dim", line);
    if (line.startsWith("@@")) return paint("cyan", line);
    if (line.startsWith("+")) return paint("green", line);
    return line.startsWith("-") ? paint("red", line) : line;
  });
  const rest = lines.length - shown.length;
  return [...shown, ...(rest > 0 ? [`… ${plural(rest, "more line")}`] : [])]
    .map((line) => `  ${line}`)
    .join("\n");
}

function checkPart(
  title: string,
  { commands, note, reason, passed }: Check,
  paint: Terminal["paint"],
): string {
  const lines = commands.flatMap((command) => [
    `  ${command.status === "passed" ? paint("green", "✔") : paint("red", "✖")} ${describeCommand(command)}`,
    ...essence(plainText(command.output)).map((line) => paint("dim", `    ${line}`)),
  ]);
  const without = commands.length === 0 ? [`  ${note ?? reason ?? (passed ? "passed" : "failed")}`] : [];
  return [paint("bold", title), ...lines, ...without].join("\n");
}

function spentLine({ outcome, isScripted }: SummaryInput): string {
  const { turns, tokens, costUsd, seconds } = outcome;
  const total = tokens.input + tokens.output + tokens.cacheRead + tokens.cacheWrite;
  const cost = isScripted
    ? "nothing paid (a scripted model; its tokens are estimated)"
    : `$${costUsd.toFixed(4)}`;
  return `${plural(turns, "turn")} · ${plural(total, "token")} (${tokens.cacheRead.toLocaleString("en")} from the cache) · ${cost} · ${seconds.toFixed(1)} seconds`;
}
