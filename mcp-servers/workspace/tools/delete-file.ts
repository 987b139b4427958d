import { z } from "zod";
import { tool } from "../../tool.ts";
import type { WorkspaceDeps } from "../deps.ts";
import { resolvePath } from "../resolve-path.ts";
import { deleteFileAt } from "../text-file.ts";
import { workspaceOf } from "../workspace.ts";

export const deleteFile = tool<WorkspaceDeps>()({
  name: "deleteFile",
  description:
    "Delete one file of the checkout. A symbolic link is deleted itself and not what it points to. " +
    "A directory can't be deleted with it: use runCommand with rm -r.",
  // It is taken from a checkout that can be made again, and not from the repository.
  effect: "write",
  input: z.object({ path: z.string().min(1).describe("The file, relative to the root of the repository") }),
  async run({ path }, deps, call) {
    const { checkout } = await workspaceOf(deps, call);
    const file = await resolvePath(checkout, path, true);
    await deleteFileAt(file);
    return { path: file.path, deleted: true };
  },
});
