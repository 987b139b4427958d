// What a repository tells AFU-9 about itself, in `.github/afu9.yml` on its default branch. docs/configuration.md is made from this.
import { z } from "zod";
import { Refusal } from "./errors.ts";
import { languages } from "./language.ts";
import { type LineFault, readYaml } from "./read-yaml.ts";
import { roles } from "./role.ts";
import { schemaFaults } from "./schema-faults.ts";
import { ApprovalRules } from "./step.ts";

/** Also in the owner's `.github` repository, where it holds for all repositories of that owner. */
export const repositoryConfigPath = ".github/afu9.yml";

export const modelProviders = ["anthropic", "openai"] as const;
/** How much a model thinks before it answers. Both providers know these words; which of them a model takes is its own. */
export const efforts = ["low", "medium", "high", "xhigh", "max"] as const;
export type ModelProvider = (typeof modelProviders)[number];
export type Effort = (typeof efforts)[number];

const commands = z
  .union([z.string().min(1), z.array(z.string().min(1))])
  .transform((value) => (typeof value === "string" ? [value] : value));

const isOn = z.boolean().default(true);
/** GitHub's limit for a label's name, which has no comma: lists of labels are separated by it. */
const label = z
  .string()
  .min(1)
  .max(50)
  .regex(/^[^,\s](?:[^,]*[^,\s])?$/, "expected a label's name, without a comma or spaces around it");
const word = z.string().regex(/^[a-z][a-z0-9-]*$/, "expected a word of small letters, digits and hyphens");

const Labels = z.strictObject({
  start: label.default("afu9").describe("Starts `issue-to-pr` on an issue"),
  hold: label.default("afu9/hold").describe("While an issue has it, nothing starts there"),
  queued: label.default("afu9/queued").describe("Shows that it will start"),
  running: label.default("afu9/running").describe("Shows that it is at work"),
  waiting: label.default("afu9/waiting").describe("Shows that it waits for a person, for CI or for a time"),
  failed: label.default("afu9/failed").describe("Shows that it could not do it"),
  done: label.default("afu9/done").describe("Shows that it is done"),
});

const Triggers = z.strictObject({
  label: isOn.describe("The label of a workflow on an issue"),
  assignment: isOn.describe("The App's bot as the one who is assigned to an issue, where GitHub offers that"),
  mention: isOn.describe("A line that begins with a mention of the App, as if it began with `/afu9`"),
  pull_request: isOn.describe("What people do with a pull request"),
  pull_request_review: isOn.describe("A review of a pull request that AFU-9 opened"),
  workflow_run: isOn.describe("The end of a run of GitHub Actions on a pull request that AFU-9 opened"),
});

export const RepositoryConfig = z.strictObject({
  triggers: Triggers.prefault({}).describe("What starts workflows besides commands: `false` switches it off"),
  labels: Labels.refine(
    (labels) => new Set(Object.values(labels).map((name) => name.toLowerCase())).size === 7,
    "expected seven different labels: each has one meaning",
  )
    .prefault({})
    .describe("What its labels are called"),
  roles: z
    .record(word, z.enum(roles).exclude(["none"]))
    .default({})
    .describe(
      "The role that a command needs, by the command's name, where it is to be another than the usual one",
    ),
  workflows: z
    .record(z.string(), z.boolean())
    .default({})
    .describe("`false` switches a workflow off, by its name: neither commands nor events start it"),
  setup: commands
    .optional()
    .describe("Run when a workspace opens and before `verify`, with network; detected when left out"),
  verify: commands.optional().describe("Must pass before a pull request is opened; detected when left out"),
  network: z
    .boolean()
    .default(false)
    .describe(
      "Whether `verify` and the agent's commands may use the network, where the operator allows it too",
    ),
  model: z
    .strictObject({
      provider: z.enum(modelProviders).optional().describe("Its provider"),
      name: z.string().min(1).optional().describe("Its name at the provider"),
      effort: z.enum(efforts).optional().describe("How much it thinks"),
    })
    .default({})
    .describe("The model that its agents use, where the operator allows it"),
  budget: z
    .strictObject({
      usd: z.number().positive().optional().describe("US dollars for one execution"),
      tokens: z.number().int().positive().optional().describe("Tokens of all kinds for one execution"),
    })
    .default({})
    .describe("What may be spent on models. It lowers what the operator set, and never raises it"),
  approval: z
    .strictObject({
      plan: z
        .boolean()
        .default(false)
        .describe("Whether a person agrees with the plan before it is carried out"),
      role: ApprovalRules.shape.role
        .unwrap()
        .exclude(["none"])
        .optional()
        .describe("The least role for it, where it is higher than that of the workflow's step"),
      team: ApprovalRules.shape.team.describe("Only members of this team (`organisation/team`) agree"),
      "not-requester": z
        .boolean()
        .default(false)
        .describe("Whether the person who started the execution may not be the one who agrees"),
    })
    .prefault({})
    .describe("What a person agrees with before it is done"),
  review: z
    .strictObject({
      "request-changes": z
        .boolean()
        .default(false)
        .describe("Whether a review that found a blocker requests changes, which may block the merge"),
    })
    .prefault({})
    .describe("How it reviews. It never approves"),
  "protected-paths": z
    .array(z.string().min(1))
    .default([])
    .describe("Globs of files that it may not change, besides those that it never changes"),
  language: z
    .enum(languages)
    .default("en")
    .describe(
      "The language of what it replies to people, English or German. What shows how far an execution is, its pull requests and check runs are in English",
    ),
});
export type RepositoryConfig = z.infer<typeof RepositoryConfig>;

/** The file's value, as it is written there, or what is wrong with it, line by line. */
export type ConfigText = { value: Record<string, unknown> } | { faults: LineFault[] };

/** Reads the file's text. An empty file says nothing, and that is no fault. */
export function readConfigText(text: string): ConfigText {
  const yaml = readYaml(text);
  if ("faults" in yaml) return yaml;
  const value = yaml.value ?? {};
  const parsed = RepositoryConfig.safeParse(value);
  // A strict object that was parsed is one.
  if (parsed.success) return { value: value as Record<string, unknown> };
  const faults = schemaFaults(parsed.error.issues, value, RepositoryConfig).map(({ path, message }) => ({
    line: yaml.lineOf(path),
    message: `${path.join(".") || "the file"}: ${message}`,
  }));
  return { faults: faults.sort((one, other) => one.line - other.line) };
}

/** Parses the file's text. Throws a `Refusal` that names each line, the key and what was expected. */
export function parseRepositoryConfig(text: string): RepositoryConfig {
  const read = readConfigText(text);
  if ("value" in read) return RepositoryConfig.parse(read.value);
  throw new Refusal(`\`${repositoryConfigPath}\` can't be used: ${faultsText(read.faults)}`);
}

/** Faults in one line. */
export function faultsText(faults: LineFault[]): string {
  return faults.map(({ line, message }) => `line ${line}: ${message}`).join("; ");
}

/** The JSON Schema of the file, for editors. */
export function repositoryConfigSchema(): object {
  return z.toJSONSchema(RepositoryConfig, { io: "input" });
}
