import { z } from "zod";
import { ToolFailure } from "../../../shared/errors.ts";
import { tool } from "../../tool.ts";
import type { WorkspaceDeps } from "../deps.ts";
import { replaceExactly } from "../replace-exactly.ts";
import { resolvePath } from "../resolve-path.ts";
import { readText, writeText } from "../text-file.ts";
import { workspaceOf } from "../workspace.ts";

export const editFile = tool<WorkspaceDeps>()({
  name: "editFile",
  description:
    "Replace a text in a file of the checkout. oldText must be exactly as in the file, white space included, and occur once, " +
    "unless replaceAll is set. Read the file first. For a new file use writeFile.",
  effect: "write",
  input: z.object({
    path: z.string().min(1).describe("The file, relative to the root of the repository"),
    oldText: z
      .string()
      .min(1)
      .describe("The text to replace, with enough lines around it to occur only once"),
    newText: z.string().describe("What stands there afterwards; empty to remove oldText"),
    replaceAll: z.boolean().default(false).describe("Replace every occurrence and not only one"),
  }),
  async run({ path, oldText, newText, replaceAll }, deps, call) {
    const { checkout } = await workspaceOf(deps, call);
    const file = await resolvePath(checkout, path);
    if (oldText === newText)
      throw new ToolFailure("oldText and newText are the same, so there is nothing to do.");
    const { text, lines } = replaceExactly(await readText(file), {
      path: file.path,
      oldText,
      newText,
      replaceAll,
    });
    await writeText(file, text);
    return { path: file.path, replaced: lines.length, lines };
  },
});
