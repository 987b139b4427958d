import { z } from "zod";
import { tool } from "../../tool.ts";
import type { WorkspaceDeps } from "../deps.ts";
import { resolvePath } from "../resolve-path.ts";
import { ripgrep } from "../ripgrep.ts";
import { workspaceOf } from "../workspace.ts";

const limit = 1_000;

export const listFiles = tool<WorkspaceDeps>()({
  name: "listFiles",
  description:
    "List the files under a directory of the checkout, without those that git ignores. " +
    `A directory below \`depth\` is shown as one entry that ends in a slash. At most ${limit} entries.`,
  effect: "read",
  input: z.object({
    path: z.string().default(".").describe("The directory, relative to the root of the repository"),
    depth: z.number().int().min(1).max(100).default(100).describe("How many levels of directories to open"),
    glob: z
      .string()
      .min(1)
      .optional()
      .describe('Only files that match, such as "*.ts" or "src/**/*.test.js"'),
  }),
  async run({ path, depth, glob }, deps, call) {
    const place = await workspaceOf(deps, call);
    const directory = await resolvePath(place.checkout, path);
    const args = ["--files", ...(glob ? ["--glob", glob] : [])];
    const { lines, isAll } = await ripgrep(deps, args, { where: directory, place, signal: call.signal });
    const depthOfDirectory = directory.path === "." ? 0 : directory.path.split("/").length;
    const entries = [...new Set(lines.map((file) => shortened(file, depthOfDirectory + depth)))];
    return {
      path: directory.path,
      entries: entries.slice(0, limit),
      total: entries.length,
      ...(entries.length > limit && {
        note: `Only the first ${limit} of ${entries.length} entries. Give a path, a smaller depth or a glob.`,
      }),
      ...(!isAll && {
        note: `There are more than ${lines.length} files, and only these were looked at. Give a path or a glob.`,
      }),
      ...(entries.length === 0 && { note: "There is no such file here. Try another path or glob." }),
    };
  },
});

function shortened(file: string, levels: number): string {
  const segments = file.split("/");
  return segments.length > levels ? `${segments.slice(0, levels).join("/")}/` : file;
}
