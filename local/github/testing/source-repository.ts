import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runGit } from "./run-git.ts";

/** A small repository with a script, a link, a folder, a tag and a second branch `feature` that is one commit ahead. */
export async function createSource(folder: string): Promise<string> {
  await mkdir(join(folder, "src"), { recursive: true });
  await runGit(folder, "init", "--quiet");
  await writeFile(join(folder, "README.md"), "# Sample\n");
  await writeFile(join(folder, "src/add.js"), "export const add = (a, b) => a - b;\n");
  await writeFile(join(folder, "run.sh"), "#!/bin/sh\necho hi\n");
  await chmod(join(folder, "run.sh"), 0o755);
  await symlink("README.md", join(folder, "link.md"));
  await runGit(folder, "add", ".");
  await runGit(folder, "commit", "--quiet", "-m", "First");
  await runGit(folder, "tag", "v1");
  await runGit(folder, "checkout", "--quiet", "-b", "feature");
  await writeFile(join(folder, "src/add.js"), "export const add = (a, b) => a + b;\n");
  await runGit(folder, "commit", "--quiet", "-am", "Add instead of subtracting");
  await runGit(folder, "checkout", "--quiet", "main");
  return folder;
}
