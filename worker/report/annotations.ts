import { outgoingLine, outgoingText } from "../../shared/outgoing-text.ts";
import type { Finding } from "./outputs.ts";

/** How many GitHub takes in one request. */
export const annotationsAtOnce = 50;
const levels = { blocker: "failure", major: "warning", minor: "notice", nit: "notice" } as const;

/** What was found, on its lines. A line that was taken away is not in the commit that the check run is on. */
export function annotationsOf(findings: Finding[]) {
  return findings
    .filter(({ side }) => side === "RIGHT")
    .map(({ path, line, startLine, severity, title, body }) => ({
      path,
      start_line: Math.min(startLine ?? line, line),
      end_line: line,
      annotation_level: levels[severity ?? "minor"],
      title: outgoingLine(title).slice(0, 255).toWellFormed() || "AFU-9",
      message: outgoingText(body).slice(0, 10_000).toWellFormed(),
    }));
}
