// What a workflow may be started by: the `on:` of a definition.
import { z } from "zod";

const word = z.string().regex(/^[a-z][a-z0-9-]*$/, "expected a word of small letters, digits and hyphens");

/** Where a command may be written. */
export const places = ["issue", "pull-request"] as const;
export type Place = (typeof places)[number];

/** `command: run` is short for a command that works on issues alone. */
const Command = z
  .union([
    word,
    z.strictObject({
      name: word,
      aliases: z.array(word).default([]).describe("Other words for the same command"),
      "works-on": z.array(z.enum(places)).min(1).default(["issue"]).describe("Where it may be written"),
    }),
  ])
  .transform((command) =>
    typeof command === "string" ? { name: command, aliases: [], "works-on": ["issue" as Place] } : command,
  );

export const WorkflowStarts = z.strictObject({
  label: z.string().optional().describe("The label of an issue"),
  command: Command.optional().describe("`/afu9 NAME` in a comment"),
  pull_request: z
    .strictObject({
      types: z
        .array(z.enum(["opened", "reopened", "synchronize", "ready_for_review"]))
        .min(1)
        .default(["opened", "reopened", "synchronize"]),
    })
    .optional()
    .describe("What a person with the role `write` does with a pull request"),
  pull_request_review: z
    .strictObject({
      states: z
        .array(z.enum(["approved", "changes_requested", "commented"]))
        .min(1)
        .default(["changes_requested", "commented"]),
    })
    .optional()
    .describe("A review that a person with the role `write` submits"),
  workflow_run: z
    .strictObject({
      conclusions: z
        .array(z.enum(["failure", "timed_out", "startup_failure", "success"]))
        .min(1)
        .default(["failure", "timed_out", "startup_failure"]),
    })
    .optional()
    .describe("The end of a run of GitHub Actions on the head of a pull request that AFU-9 opened"),
});
export type WorkflowStarts = z.infer<typeof WorkflowStarts>;

/** The events, beside a label and a command, that may start a workflow, as GitHub names them. */
export const startEvents = ["pull_request", "pull_request_review", "workflow_run"] as const;
export type StartEvent = (typeof startEvents)[number];

/** Every word that a definition's command is called by. */
export function commandNames({ command }: Pick<WorkflowStarts, "command">): string[] {
  return command ? [command.name, ...command.aliases] : [];
}
