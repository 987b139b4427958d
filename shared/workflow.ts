// Workflows are data: YAML in the vocabulary of GitHub Actions. This file says what a definition may hold.
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { z } from "zod";
import { PermanentFault } from "./errors.ts";
import { Step, stepKinds } from "./step.ts";

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

  const value: unknown = document.toJS();
  const parsed = Workflow.safeParse(value);
  if (!parsed.success) {
    const faults = parsed.error.issues.flatMap((issue) => explained(issue, value));
    throw new PermanentFault(
      faults
        .map(({ path, message }) => `${file}:${lineOf(path)}: ${path.join(".") || "the file"}: ${message}`)
        .join("\n"),
    );
  }
  const version = createHash("sha256").update(source).digest("hex").slice(0, 12);
  return { definition: parsed.data, source, version };

  function lineOf(path: PropertyKey[]): number {
    const node = document.getIn(path, true) ?? document.getIn(path.slice(0, -1), true) ?? document.contents;
    return lines.linePos((node as { range?: [number] } | null)?.range?.[0] ?? 0).line;
  }
}

type Fault = Pick<z.core.$ZodIssue, "path" | "message">;

/** A union only says that nothing fits. What is wrong with a step is said by the kind that it means to be. */
function explained(issue: z.core.$ZodIssue, file: unknown): Fault[] {
  if (issue.code !== "invalid_union" || issue.path[0] !== "steps" || issue.path.length !== 2) return [issue];
  const step = z.object({ steps: z.array(z.unknown()) }).parse(file).steps[Number(issue.path[1])];
  const keys = typeof step === "object" && step !== null ? Object.keys(step) : [];
  const [kind, another] = Object.keys(stepKinds).filter((key) => keys.includes(key));
  if (!kind || another) {
    const found = another
      ? `both \`${kind}\` and \`${another}\``
      : keys.map((key) => `\`${key}\``).join(", ") || "nothing";
    const known = Object.keys(stepKinds)
      .map((key) => `\`${key}\``)
      .join(", ");
    return [{ path: issue.path, message: `expected a step with one of ${known}, got ${found}` }];
  }
  const parsed = stepKinds[kind as keyof typeof stepKinds].safeParse(step);
  return (parsed.error?.issues ?? []).map(({ path, message }) => ({
    path: [...issue.path, ...path],
    message,
  }));
}

/** Reads every definition in a folder, in the order of the file names. */
export async function loadWorkflows(folder: string): Promise<WorkflowFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".yml")).sort();
  return Promise.all(
    names.map(async (name) => parseWorkflow(await readFile(join(folder, name), "utf8"), name)),
  );
}
