// What GitHub takes for a check run, with its limits.
import { z } from "zod";

const mostText = 65_535;
const text = z.string().max(mostText, `Only ${mostText} characters are allowed; the text is longer.`);

const annotation = z.object({
  path: z.string(),
  start_line: z.number().int(),
  end_line: z.number().int(),
  start_column: z.number().int().optional(),
  end_column: z.number().int().optional(),
  annotation_level: z.enum(["notice", "warning", "failure"]),
  message: z.string(),
  title: z.string().max(255).optional(),
  raw_details: z.string().optional(),
});

const output = z.object({
  title: z.string().optional(),
  summary: text,
  text: text.optional(),
  annotations: z.array(annotation).max(50, "Only 50 annotations are allowed in one request.").default([]),
});

const action = z.object({
  label: z.string().max(20),
  description: z.string().max(40),
  identifier: z.string().max(20),
});

const conclusions = [
  "success",
  "failure",
  "neutral",
  "cancelled",
  "skipped",
  "timed_out",
  "action_required",
] as const;

export const checkRunUpdate = z.object({
  name: z.string().min(1).optional(),
  details_url: z.url().optional(),
  external_id: z.string().optional(),
  status: z.enum(["queued", "in_progress", "completed"]).optional(),
  started_at: z.iso.datetime({ offset: true }).optional(),
  conclusion: z.enum(conclusions).optional(),
  completed_at: z.iso.datetime({ offset: true }).optional(),
  output: output.optional(),
  actions: z.array(action).max(3, "Only 3 actions are allowed.").optional(),
});

export const newCheckRun = checkRunUpdate
  .extend({ name: z.string().min(1), head_sha: z.string() })
  .refine(({ status, conclusion }) => status !== "completed" || conclusion !== undefined, {
    message: "A completed check run needs a conclusion.",
    path: ["conclusion"],
  });
