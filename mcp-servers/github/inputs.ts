// Arguments and results that several tools have.
import { z } from "zod";

export const issueNumber = z.number().int().positive().describe("The issue's number");
export const pullNumber = z.number().int().positive().describe("The pull request's number");
/** In an output: the effect was there already, and was not made a second time. */
export const existed = z.boolean().describe("Whether it was there already");
export const sha = z.string().regex(/^[0-9a-f]{40}$/, "expected 40 hexadecimal digits");

/** A branch's name, by the rules of `git check-ref-format`, as far as they are simple. */
export const branch = z
  .string()
  .min(1)
  .max(200)
  .regex(
    /^(?![-/.])(?!.*(?:\.\.|\/\/|@\{|\.lock$|[/.]$))[^\s~^:?*[\\\p{Cc}]+$/u,
    "expected a valid branch name",
  );

/** A branch, a tag or a commit. */
export const ref = branch.describe("A branch, a tag or a commit");

/** A path inside the repository, as git has it. */
export const path = z
  .string()
  .min(1)
  .max(4_096)
  .refine(isInside, "expected a path inside the repository")
  .describe("The path from the repository's root");

function isInside(path: string): boolean {
  const parts = path.toLowerCase().split("/");
  const leaves = parts.some((part) => ["", ".", "..", ".git"].includes(part));
  return !leaves && !path.startsWith("-") && !/[\\\p{Cc}]/u.test(path);
}

/** A label's name. It becomes a part of an address, where dots alone would name another one. */
export const label = z
  .string()
  .max(50)
  .regex(/^(?!\.+$)[^\s,\p{Cc}](?:[^,\p{Cc}]*[^\s,\p{Cc}])?$/u, "expected a label's name")
  .describe("A label's name");

/** What somebody may follow. */
export const link = z.url({ protocol: /^https?$/, hostname: z.regexes.hostname }).max(2_000);

export const runId = z.number().int().positive().describe("The id of the run of GitHub Actions");

/** Where something is deployed to. */
export const environment = z
  .string()
  .regex(/^(?!.*\.\.)[A-Za-z0-9][\w ./-]{0,99}$/, "expected an environment's name")
  .describe("The environment, such as staging");
