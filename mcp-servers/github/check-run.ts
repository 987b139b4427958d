// What the tools for check runs share: GitHub's limits, and the shape of the answer.
import { z } from "zod";
import { link, path } from "./inputs.ts";

const annotation = z.object({
  path,
  startLine: z.number().int().positive().describe("The first line"),
  endLine: z.number().int().positive().describe("The last line"),
  level: z.enum(["notice", "warning", "failure"]).describe("How bad it is"),
  message: z.string().min(1).max(60_000).describe("What is to be said about the lines"),
});
type Annotation = z.infer<typeof annotation>;

/** The arguments that say how a check run stands. */
export const checkRunState = {
  status: z.enum(["queued", "in_progress", "completed"]).optional().describe("Where it stands"),
  conclusion: z
    .enum(["success", "failure", "neutral", "cancelled", "skipped", "timed_out", "action_required"])
    .optional()
    .describe("How it went; completes the check run"),
  title: z.string().min(1).max(255).optional().describe("The headline; needs a summary"),
  summary: z.string().min(1).max(65_000).optional().describe("The text, in Markdown; needs a title"),
  detailsUrl: link.optional().describe("A page with more"),
  annotations: z
    .array(annotation)
    .max(50)
    .default([])
    .describe("Remarks on lines; need a title and a summary"),
};
const State = z.object(checkRunState);

export const CheckRun = z.object({
  id: z.number(),
  name: z.string(),
  url: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
});

type Given = { id: number; name: string; html_url: string | null; status: string; conclusion: string | null };

export function checkRunOf({ id, name, html_url, status, conclusion }: Given): z.infer<typeof CheckRun> {
  return { id, name, url: html_url ?? "", status, conclusion };
}

/** The state in GitHub's words. */
export function stateFields({
  status,
  conclusion,
  title,
  summary,
  detailsUrl,
  annotations,
}: z.infer<typeof State>) {
  const output =
    title && summary ? { title, summary, annotations: annotations.map(annotationFields) } : undefined;
  return { status, conclusion, details_url: detailsUrl, output };
}

export function annotationFields({ path, startLine, endLine, level, message }: Annotation) {
  return { path, start_line: startLine, end_line: endLine, annotation_level: level, message };
}
