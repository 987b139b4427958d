// Workflows are data: YAML in the vocabulary of GitHub Actions. This file says what a definition may hold.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { PermanentFault } from "./errors.ts";

const toolName = z.string().regex(/^[a-z][a-z0-9-]*\.[a-zA-Z][a-zA-Z0-9]*$/, "expected `server.tool`");
const stepId = z.string().regex(/^[a-z][a-zA-Z0-9-]*$/, "expected a name of letters, digits and hyphens");
const inputs = z.record(z.string(), z.unknown()).default({});
const common = {
  id: stepId.describe("What expressions call the step: `steps.<id>.outputs`"),
  name: z.string().optional().describe("What people read in reports"),
  if: z
    .string()
    .optional()
    .describe("Runs the step only when this holds; without a status function, only while no step has failed"),
  with: inputs.describe("The step's inputs, with expressions"),
  "timeout-minutes": z.number().positive().max(360).default(60).describe("The step fails after this time"),
  "continue-on-error": z
    .boolean()
    .default(false)
    .describe("Whether the execution goes on as if the step had succeeded"),
};

/** Calls one tool of an MCP server. */
const ToolStep = z.strictObject({ ...common, tool: toolName });

/**
 * Runs an agent. With `until`, that tool must answer `passed: true`. Otherwise its answer goes back to the agent, which
 * tries again, at most `rounds` times.
 */
const AgentStep = z.strictObject({
  ...common,
  agent: z.string(),
  until: toolName.optional(),
  rounds: z.number().int().min(1).max(10).default(3),
});

export const Step = z.union([ToolStep, AgentStep]);
export type Step = z.infer<typeof Step>;
export type ToolStep = z.infer<typeof ToolStep>;
export type AgentStep = z.infer<typeof AgentStep>;

export const Workflow = z.strictObject({
  name: z.string().min(1),
  on: z.strictObject({ label: z.string().optional(), command: z.string().optional() }),
  steps: z
    .array(Step)
    .min(1)
    .refine(
      (steps) => new Set(steps.map((step) => step.id)).size === steps.length,
      "expected each step's id once",
    ),
});
export type Workflow = z.infer<typeof Workflow>;

/** A definition with its text and its version, which is the hash of the text. */
export type WorkflowFile = { definition: Workflow; source: string; version: string };

/** The JSON Schema of a definition, for editors. */
export function workflowSchema(): object {
  return z.toJSONSchema(Workflow, { io: "input" });
}

/** Parses a definition. Throws a `PermanentFault` that names the file, the line and what was expected. */
export function parseWorkflow(source: string, file: string): WorkflowFile {
  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines });
  const [fault] = document.errors;
  if (fault)
    throw new PermanentFault(
      `${file}:${fault.linePos?.[0].line ?? 1}: ${fault.message.split(" at line")[0]}`,
    );

  const parsed = Workflow.safeParse(document.toJS());
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => {
      const node =
        document.getIn(issue.path, true) ??
        document.getIn(issue.path.slice(0, -1), true) ??
        document.contents;
      const line = lines.linePos((node as { range?: [number] } | null)?.range?.[0] ?? 0).line;
      return `${file}:${line}: ${issue.path.join(".") || "the file"}: ${issue.message}`;
    });
    throw new PermanentFault(faults.join("\n"));
  }
  const version = createHash("sha256").update(source).digest("hex").slice(0, 12);
  return { definition: parsed.data, source, version };
}

/** Reads every definition in a folder, in the order of the file names. */
export async function loadWorkflows(folder: string): Promise<WorkflowFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".yml")).sort();
  return Promise.all(
    names.map(async (name) => parseWorkflow(await readFile(join(folder, name), "utf8"), name)),
  );
}
