// What a repository tells AFU-9 about itself, in `.github/afu9.yml` on its default branch.
import { parseDocument } from "yaml";
import { z } from "zod";
import { Refusal } from "./errors.ts";

export const repositoryConfigPath = ".github/afu9.yml";

export const modelProviders = ["anthropic", "openai"] as const;
/** How much a model thinks before it answers. Both providers know these words; which of them a model takes is its own. */
export const efforts = ["low", "medium", "high", "xhigh", "max"] as const;

const commands = z
  .union([z.string().min(1), z.array(z.string().min(1))])
  .transform((value) => (typeof value === "string" ? [value] : value));

export const RepositoryConfig = z.strictObject({
  /** Run once when a workspace opens, with network. */
  setup: commands.optional(),
  /** Must pass before a pull request is opened. */
  verify: commands.optional(),
  /** The model that its agents use, where the operator allows it. */
  model: z
    .strictObject({
      provider: z.enum(modelProviders).optional(),
      name: z.string().min(1).optional(),
      effort: z.enum(efforts).optional(),
    })
    .default({}),
  /** What may be spent. It lowers what the operator set, and never raises it. */
  budget: z
    .strictObject({
      /** US dollars for one execution. */
      usd: z.number().positive().optional(),
      /** Tokens of all kinds for one execution. */
      tokens: z.number().int().positive().optional(),
    })
    .default({}),
  /** What a person agrees with before it is done. */
  approval: z.strictObject({ plan: z.boolean().default(false) }).prefault({}),
  /** How it reviews. It never approves. */
  review: z
    .strictObject({
      /** Whether a review that found a blocker requests changes, which may block the merge. */
      "request-changes": z.boolean().default(false),
    })
    .prefault({}),
  /** Globs of files that AFU-9 may not change, besides those that it never changes. */
  "protected-paths": z.array(z.string().min(1)).default([]),
  /** Whether `verify` and the agent's commands may use the network, where the operator allows it too. */
  network: z.boolean().default(false),
});
export type RepositoryConfig = z.infer<typeof RepositoryConfig>;

/** Parses the file's text. Throws a `Refusal` that names the key and what was expected. */
export function parseRepositoryConfig(text: string): RepositoryConfig {
  const document = parseDocument(text);
  const [fault] = document.errors;
  if (fault) throw new Refusal(`\`${repositoryConfigPath}\` is not valid YAML: ${fault.message}`);

  const parsed = RepositoryConfig.safeParse(document.toJS() ?? {});
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(
    (issue) => `${issue.path.join(".") || "the file"}: ${issue.message}`,
  );
  throw new Refusal(`\`${repositoryConfigPath}\` can't be used: ${faults.join("; ")}`);
}
