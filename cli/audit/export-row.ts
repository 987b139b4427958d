// Rows of the audit as files: with the text that each hash covers, so that anybody can verify them without AFU-9.
import { hashedText } from "../../worker/tools/audit.ts";
import type { AuditRow } from "./read-rows.ts";

export type ExportedRow = AuditRow & {
  execution: string;
  /** What is hashed, after the hash of the row before: `hash = sha256(prevHash + hashed)`. All else is for reading. */
  hashed: string;
};

export function exportRow(row: AuditRow, execution: string): ExportedRow {
  const { durationMs: _, prevHash: __, hash: ___, ...call } = row;
  return { execution, ...row, hashed: hashedText({ ...call, execution }) };
}

export const columns = [
  ...([
    "execution",
    "sequence",
    "stepId",
    "server",
    "tool",
    "startedAt",
    "completedAt",
    "durationMs",
  ] as const),
  ...(["arguments", "result", "error", "prevHash", "hash", "hashed"] as const),
];

/** A row of CSV, as RFC 4180 has it. */
export function csvLine(row: ExportedRow): string {
  return columns.map((column) => cell(row[column])).join(",");
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = typeof value === "string" ? harmless(value) : jsonOf(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function jsonOf(value: unknown): string {
  return value instanceof Date ? value.toISOString() : JSON.stringify(value);
}

/** A spreadsheet would take such a text for a formula. */
function harmless(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
