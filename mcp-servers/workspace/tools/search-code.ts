import { z } from "zod";
import { tool } from "../../tool.ts";
import type { WorkspaceDeps } from "../deps.ts";
import { resolvePath } from "../resolve-path.ts";
import { ripgrep } from "../ripgrep.ts";
import { workspaceOf } from "../workspace.ts";

const limit = 200;

export const searchCode = tool<WorkspaceDeps>()({
  name: "searchCode",
  description:
    "Search the checkout's text files, line by line, for a regular expression. Files that git ignores are left out. " +
    `Gives path, line number and line, for at most ${limit} lines; long lines are cut at 300 characters.`,
  effect: "read",
  input: z.object({
    pattern: z
      .string()
      .min(1)
      .max(1_000)
      .describe("A regular expression, as ripgrep takes it: no look-around, no back-references"),
    path: z
      .string()
      .default(".")
      .describe("The directory or file to search, relative to the root of the repository"),
    glob: z.string().min(1).optional().describe('Only files that match, such as "*.py"'),
    ignoreCase: z.boolean().default(false).describe("Whether upper and lower case are the same"),
  }),
  async run({ pattern, path, glob, ignoreCase }, deps, call) {
    const place = await workspaceOf(deps, call);
    const where = await resolvePath(place.checkout, path);
    const args = [
      "--line-number",
      "--no-heading",
      "--with-filename",
      "--null",
      "--max-columns=300",
      "--max-columns-preview",
    ];
    if (ignoreCase) args.push("--ignore-case");
    if (glob) args.push("--glob", glob);
    const { lines, isAll } = await ripgrep(deps, [...args, "--regexp", pattern], {
      where,
      place,
      signal: call.signal,
    });
    return {
      matches: lines.slice(0, limit).map(match),
      total: lines.length,
      ...(lines.length > limit && {
        note: `Only the first ${limit} of ${lines.length} lines. Narrow the pattern, or give a path or a glob.`,
      }),
      ...(!isAll && {
        note: `More than ${lines.length} lines match, and only these were looked at. Narrow the pattern, or give a path or a glob.`,
      }),
      ...(lines.length === 0 && {
        note: "No line matches. Try a shorter pattern, ignoreCase, or another path.",
      }),
    };
  },
});

/** A line of ripgrep's: the path, NUL, the number, a colon, the text. */
function match(line: string): { path: string; line: number; text: string } {
  const [path = "", rest = ""] = line.split("\0");
  const colon = rest.indexOf(":");
  return { path, line: Number(rest.slice(0, colon)), text: rest.slice(colon + 1) };
}
