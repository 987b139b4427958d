import { z } from "zod";
import { columns, csvLine, exportRow } from "../audit/export-row.ts";
import { readRows } from "../audit/read-rows.ts";
import { command, option } from "../command.ts";
import { findExecution } from "../find-execution.ts";
import { readOnly } from "../read-only.ts";

export const exportAudit = command({
  usage: "audit export <id>",
  summary: "Write an execution's tool calls with their hashes, so that somebody else can verify them.",
  details:
    "One row on each line of standard output. docs/audit.md says how the rows are verified without AFU-9.",
  options: z.object({
    format: option(
      "--format <format>",
      "jsonl (the default) or csv",
      z.enum(["jsonl", "csv"]).default("jsonl"),
    ),
  }),
  async run({ args: [id = ""], options, deps, out }) {
    const db = await deps.db();
    const execution = await findExecution(db, id);
    const isCsv = options.format === "csv";
    return readOnly(db, async (client) => {
      if (isCsv) out.say({ text: columns.join(), json: columns });
      for await (const row of readRows(client, execution)) {
        if (deps.signal.aborted) return 130;
        const exported = exportRow(row, execution);
        out.say({ json: exported, text: isCsv ? csvLine(exported) : JSON.stringify(exported) });
      }
      return 0;
    });
  },
});
