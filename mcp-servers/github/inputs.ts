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
