// Workflows are data: YAML in the vocabulary of GitHub Actions. This file says what a definition may hold.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { checkReferences, type Fault, type Known } from "./check-workflow.ts";
import { PermanentFault } from "./errors.ts";
import { type LineFault, readYaml } from "./read-yaml.ts";
import { schemaFaults } from "./schema-faults.ts";
import { Step } from "./step.ts";
import { WorkflowStarts } from "./workflow-starts.ts";

export const Workflow = z.strictObject({
  name: z.string().min(1),
  description: z
    .string()
    .min(1)
    .max(300)
    .optional()
    .describe("What it does, for people: one sentence that help shows beside its command"),
  on: WorkflowStarts,
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

/**
 * Parses a definition that was loaded before: an execution goes on with it also where today's checks would refuse it.
 * Throws a `PermanentFault` that names the file, each line and what was expected.
 */
export function parseWorkflow(source: string, file: string): WorkflowFile {
  return parse(source, file, () => []);
}

/**
 * Parses a definition before anything starts with it, and checks every name in it, too. `check` may find more that is
 * wrong. Throws a `PermanentFault` that names the file, each line and what was expected.
 */
export function loadWorkflow(
  source: string,
  file: string,
  known: Known = {},
  check: (definition: unknown) => Fault[] = () => [],
): WorkflowFile {
  return parse(source, file, (definition) => [...checkReferences(definition, known), ...check(definition)]);
}

/** Loads every definition in a folder, in the order of the file names. */
export async function loadWorkflows(folder: string, known?: Known): Promise<WorkflowFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".yml")).sort();
  return Promise.all(
    names.map(async (name) => loadWorkflow(await readFile(join(folder, name), "utf8"), name, known)),
  );
}

function parse(source: string, file: string, check: (definition: unknown) => Fault[]): WorkflowFile {
  const yaml = readYaml(source);
  if ("faults" in yaml) throw refused(file, yaml.faults);

  const parsed = Workflow.safeParse(yaml.value);
  const faults = [
    ...(parsed.success ? [] : schemaFaults(parsed.error.issues, yaml.value, Workflow)),
    ...check(yaml.value),
  ].map(({ path, message }) => ({
    line: yaml.lineOf(path),
    message: `${path.join(".") || "the file"}: ${message}`,
  }));
  if (!parsed.success || faults.length > 0) throw refused(file, faults);
  const version = createHash("sha256").update(source).digest("hex").slice(0, 12);
  return { definition: parsed.data, source, version };
}

function refused(file: string, faults: LineFault[]): PermanentFault {
  const sorted = [...faults].sort((one, other) => one.line - other.line);
  return new PermanentFault(sorted.map(({ line, message }) => `${file}:${line}: ${message}`).join("\n"));
}
