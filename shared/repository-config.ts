// What a repository tells AFU-9 about itself, in `.github/afu9.yml` on its default branch.
import { parseDocument } from "yaml";
import { z } from "zod";
import { Refusal } from "./errors.ts";

export const repositoryConfigPath = ".github/afu9.yml";

const commands = z
  .union([z.string().min(1), z.array(z.string().min(1))])
  .transform((value) => (typeof value === "string" ? [value] : value));

export const RepositoryConfig = z.strictObject({
  /** Run once when a workspace opens, with network. */
  setup: commands.optional(),
  /** Must pass before a pull request is opened. */
  verify: commands.optional(),
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
