import { lstat, unlink } from "node:fs/promises";
import { z } from "zod";
import { ToolFailure } from "../../../shared/errors.ts";
import { tool } from "../../tool.ts";
import type { WorkspaceDeps } from "../deps.ts";
import { resolvePath } from "../resolve-path.ts";
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
    const found = await lstat(file.absolute).catch(() => undefined);
    if (!found) throw new ToolFailure(`${file.path} does not exist. listFiles shows what is there.`);
    if (found.isDirectory()) {
      throw new ToolFailure(`${file.path} is a directory. Use runCommand with rm -r to delete it.`);
    }
    await unlink(file.absolute);
    return { path: file.path, deleted: true };
  },
});
