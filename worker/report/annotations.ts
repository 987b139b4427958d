import { outgoingLine, outgoingText } from "../../shared/outgoing-text.ts";
import type { Finding } from "./outputs.ts";

/** How many GitHub takes in one request. */
export const annotationsAtOnce = 50;
const levels = { blocker: "FAILURE", major: "WARNING", minor: "NOTICE", nit: "NOTICE" } as const;

export type Annotation = ReturnType<typeof annotationsOf>[number];

/** What was found, on its lines, in GraphQL's words. A line that was taken away is not in the commit that the check run is on. */
export function annotationsOf(findings: Finding[]) {
  return findings
    .filter(({ side }) => side === "RIGHT")
    .map(({ path, line, startLine, severity, title, body }) => ({
      path,
      location: { startLine: Math.min(startLine ?? line, line), endLine: line },
      annotationLevel: levels[severity ?? "minor"],
      title: outgoingLine(title).slice(0, 255).toWellFormed() || "AFU-9",
      message: outgoingText(body).slice(0, 10_000).toWellFormed(),
    }));
}
