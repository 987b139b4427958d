// What a change may hold before it becomes a commit. Nothing that a model was told can change it.
import { z } from "zod";
import { ToolFailure } from "../../shared/errors.ts";
import type { Redact } from "../../shared/redact.ts";
import type { ChangedFile } from "./changed-file.ts";
import { holdsSecret, secretLines } from "./find-secrets.ts";
import { alwaysProtected, protectedBy } from "./protected-paths.ts";

export type ChangePolicy = {
  /** Patterns of paths, besides those that are always protected. */
  protectedPaths: string[];
  maxFiles: number;
  maxBytes: number;
};

export const changePolicySettings = {
  /** Patterns of paths that no change may touch, by comma. */
  AFU9_PROTECTED_PATHS: z.string().default(""),
  AFU9_PATCH_MAX_FILES: z.coerce.number().int().positive().default(300),
  AFU9_PATCH_MAX_KB: z.coerce.number().int().positive().default(5_120),
};

export function changePolicy(settings: z.infer<z.ZodObject<typeof changePolicySettings>>): ChangePolicy {
  return {
    protectedPaths: settings.AFU9_PROTECTED_PATHS.split(",").flatMap((pattern) => pattern.trim() || []),
    maxFiles: settings.AFU9_PATCH_MAX_FILES,
    maxBytes: settings.AFU9_PATCH_MAX_KB * 1024,
  };
}

type Check = {
  policy: ChangePolicy;
  redact: Redact;
  /** The file's text as it is now, empty where there is none. */
  before(path: string): Promise<string>;
  /** Of a merge, the same in the commit that is merged: what comes from there was agreed on there. */
  merged?: ((path: string) => Promise<string>) | undefined;
};

/** Throws a `ToolFailure` that names the files which must not be committed. */
export async function checkChange(files: ChangedFile[], check: Check): Promise<void> {
  const { policy, redact, merged } = check;
  if (!merged) checkSize(files, policy);
  const suspects: ChangedFile[] = [];
  for (const file of files) {
    if (isSuspect(file, policy, redact) && !(merged && textOf(file) === (await merged(file.path))))
      suspects.push(file);
  }
  checkPaths(suspects, policy);
  if (suspects.some(({ path }) => holdsSecret(path, redact)))
    throw new ToolFailure("The name of a file holds a secret; nothing was committed.");
  for (const file of suspects) await checkText(file, check);
}

function isSuspect(file: ChangedFile, policy: ChangePolicy, redact: Redact): boolean {
  return (
    patternFor(file, policy) !== undefined ||
    holdsSecret(file.path, redact) ||
    secretLines(textOf(file), redact).length > 0
  );
}

async function checkText(file: ChangedFile, { redact, before }: Check): Promise<void> {
  const lines = secretLines(textOf(file), redact, await before(file.path));
  if (lines.length === 0) return;
  throw new ToolFailure(
    `${file.path} has what looks like a secret in ${lineList(lines)}; nothing was committed. Take it out: read it from the environment, or make up one that has no real form.`,
  );
}

/** Empty of one that goes away. */
function textOf(file: ChangedFile): string {
  return "deleted" in file ? "" : Buffer.from(file.content, "base64").toString("utf8");
}

function patternFor({ path }: ChangedFile, { protectedPaths }: ChangePolicy): string | undefined {
  return protectedBy(path, [...alwaysProtected, ...protectedPaths]);
}

function checkPaths(files: ChangedFile[], policy: ChangePolicy): void {
  const refused = files.flatMap((file) => {
    const pattern = patternFor(file, policy);
    return pattern ? [`${file.path} (${pattern})`] : [];
  });
  if (refused.length === 0) return;
  const some = refused.slice(0, 10).join(", ");
  throw new ToolFailure(
    `These paths are protected, and a person has to change them: ${some}. Nothing was committed.`,
  );
}

function checkSize(files: ChangedFile[], { maxFiles, maxBytes }: ChangePolicy): void {
  const advice = "Nothing was committed; make a smaller change.";
  if (files.length > maxFiles)
    throw new ToolFailure(
      `The change has ${files.length} files, and ${maxFiles} at most are allowed. ${advice}`,
    );
  const bytes = files.reduce((sum, file) => sum + ("content" in file ? (file.content.length * 3) / 4 : 0), 0);
  if (bytes <= maxBytes) return;
  const [has, most] = [bytes, maxBytes].map((count) => Math.ceil(count / 1024).toLocaleString("en"));
  throw new ToolFailure(`The change has ${has} kB, and ${most} kB at most are allowed. ${advice}`);
}

function lineList(lines: number[]): string {
  const some = lines.slice(0, 5).join(", ");
  return lines.length === 1 ? `line ${some}` : `lines ${some}${lines.length > 5 ? " …" : ""}`;
}
