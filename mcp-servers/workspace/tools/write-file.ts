import { z } from "zod";
import { tool } from "../../tool.ts";
import type { WorkspaceDeps } from "../deps.ts";
import { resolvePath } from "../resolve-path.ts";
import { writeText } from "../text-file.ts";
import { workspaceOf } from "../workspace.ts";

export const writeFile = tool<WorkspaceDeps>()({
  name: "writeFile",
  description:
    "Write a whole text file of the checkout, new or not, and the directories that it needs. " +
    "What the file held before is lost: to change a part of it use editFile. At most 1 MB.",
  effect: "write",
  idempotent: true,
  input: z.object({
    path: z.string().min(1).describe("The file, relative to the root of the repository"),
    content: z.string().describe("The whole text of the file"),
  }),
  async run({ path, content }, deps, call) {
    const { checkout } = await workspaceOf(deps, call);
    const file = await resolvePath(checkout, path);
    await writeText(file, content);
    return { path: file.path, bytes: Buffer.byteLength(content) };
  },
});
