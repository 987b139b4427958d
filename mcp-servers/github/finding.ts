// What a reviewer found on lines of a change, and how it reads on GitHub.
import { z } from "zod";
import { codeBlock } from "../../shared/code-block.ts";
import { outgoingLine, outgoingText } from "../../shared/outgoing-text.ts";
import { path } from "./inputs.ts";

/** From what must be mended to what may stay. */
export const severities = ["blocker", "major", "minor", "nit"] as const;
type Severity = (typeof severities)[number];

const line = z.number().int().positive();
export const finding = z.object({
  path,
  line: line.describe("The line, or the last of several"),
  startLine: line.optional().describe("The first line, of several"),
  side: z.enum(["LEFT", "RIGHT"]).default("RIGHT").describe("RIGHT for the new file, LEFT for the old one"),
  severity: z.enum(severities).optional().describe("How much it matters"),
  title: z.string().max(200).optional().describe("What is wrong, in one line"),
  body: z.string().min(1).max(10_000).describe("The text, in Markdown"),
  suggestion: z.string().max(10_000).optional().describe("What the lines should be instead, in full"),
});
export type Finding = z.infer<typeof finding>;

/** Sorted by severity, those without one last. Ones of the same severity keep their order. */
export function bySeverity(findings: Finding[]): Finding[] {
  return [...findings].sort((one, other) => rank(one) - rank(other));
}

function rank({ severity }: Finding): number {
  return severity ? severities.indexOf(severity) : severities.length;
}

/** As a comment on its lines. GitHub takes suggestions for the new file only. */
export function commentOf(found: Finding): string {
  const { side, suggestion } = found;
  const asSuggestion =
    suggestion !== undefined && codeBlock(suggestion, side === "RIGHT" ? "suggestion" : "");
  return [heading(found), outgoingText(found.body), asSuggestion].filter(Boolean).join("\n\n");
}

/** As an entry of a list. */
export function entryOf(found: Finding): string {
  const { path, startLine, line, body, suggestion } = found;
  const place = `\`${path.replaceAll("`", "'")}:${startLine ? `${startLine}-` : ""}${line}\``;
  const parts = [outgoingText(body), suggestion !== undefined && codeBlock(suggestion)];
  const text = [`${place} ${heading(found)}`.trim(), ...parts].filter(Boolean).join("\n\n");
  return `- ${text.replaceAll("\n", "\n  ")}`;
}

/** How many there are of each severity: `1 blocker, 2 minor`. */
export function countOf(findings: Finding[]): string {
  const counts = severities.map((severity) => [countWith(findings, severity), severity] as const);
  return counts
    .filter(([count]) => count > 0)
    .map(([count, severity]) => `${count} ${severity}`)
    .join(", ");
}

function countWith(findings: Finding[], severity: Severity): number {
  return findings.filter((found) => found.severity === severity).length;
}

/** The line that a comment begins with; by it a later review knows that it was said. */
export function heading({ severity, title }: Finding): string {
  const words = [
    severity && severity.charAt(0).toUpperCase() + severity.slice(1),
    title && outgoingLine(title),
  ];
  const text = words.filter(Boolean).join(": ").replaceAll("*", "\\*");
  return text && `**${text}**`;
}
