import { z } from "zod";
import { ToolFailure } from "../../../shared/errors.ts";
import { tool } from "../../tool.ts";
import type { WorkspaceDeps } from "../deps.ts";
import { resolvePath } from "../resolve-path.ts";
import { readText } from "../text-file.ts";
import { workspaceOf } from "../workspace.ts";

const maxCharacters = 60_000;

export const readFile = tool<WorkspaceDeps>()({
  name: "readFile",
  description:
    "Read a text file of the checkout, or some of its lines. The answer begins with one line that says which lines of how many " +
    `follow; the rest is the file as it is. At most ${maxCharacters} characters at once, from files of up to 1 MB.`,
  effect: "read",
  input: z.object({
    path: z.string().min(1).describe("The file, relative to the root of the repository"),
    startLine: z.number().int().min(1).default(1).describe("The first line to read, counted from 1"),
    endLine: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe("The last line to read; the end of the file when left out"),
  }),
  async run({ path, startLine, endLine }, deps, call) {
    const { checkout } = await workspaceOf(deps, call);
    const file = await resolvePath(checkout, path);
    const lines = linesOf(await readText(file));
    if (startLine > Math.max(lines.length, 1) || (endLine ?? startLine) < startLine) {
      throw new ToolFailure(
        `${file.path} has ${lines.length} lines. Give a startLine up to that, and an endLine that is not before it.`,
      );
    }
    const wanted = lines.slice(startLine - 1, endLine);
    const shown = wanted.slice(0, fitting(wanted));
    const last = startLine + shown.length - 1;
    const note = shown.length < wanted.length ? `; call again with startLine ${last + 1} for more` : "";
    const header =
      lines.length === 0 ? "it is empty" : `lines ${startLine} to ${last} of ${lines.length}${note}`;
    return `${file.path}: ${header}\n${shown.join("")}`;
  },
});

/** Each with its line end. */
function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** How many lines may be shown: at least one, however long. */
function fitting(lines: string[]): number {
  let characters = 0;
  const tooMany = lines.findIndex((line) => {
    characters += line.length;
    return characters > maxCharacters;
  });
  return tooMany === -1 ? lines.length : Math.max(tooMany, 1);
}
