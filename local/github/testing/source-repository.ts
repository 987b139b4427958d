import { chmod, cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runGit } from "./run-git.ts";

/** Where `test/global-setup.ts` has made the one that each world gets a copy of. */
export const sourceVariable = "AFU9_TEST_SOURCE";

/** Copies the source that was made for the whole run: making one starts nine programs. */
export async function copySource(folder: string): Promise<string> {
  const source = process.env[sourceVariable];
  if (!source)
    throw new Error(`Expected ${sourceVariable} in the environment: run the tests with \`npm run jest\`.`);
  await cp(source, folder, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true });
  return folder;
}

/** A small repository with a script, a link, a folder, a tag and a second branch `feature` that is one commit ahead. */
export async function createSource(folder: string): Promise<string> {
  await mkdir(join(folder, "src"), { recursive: true });
  await runGit(folder, "init", "--quiet", "--template=");
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
