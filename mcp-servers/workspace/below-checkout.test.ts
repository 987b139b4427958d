import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { ToolFailure } from "../../shared/errors.ts";
import { resolvePath } from "./resolve-path.ts";
import { deleteFileAt, readText, writeText } from "./text-file.ts";

let directory: string;
let checkout: string;
beforeEach(() => {
  directory = realpathSync(mkdtempSync(join(tmpdir(), "afu9-below-")));
  checkout = join(directory, "checkout");
  for (const path of ["checkout/a/b", "outside/b"]) mkdirSync(join(directory, path), { recursive: true });
  writeFileSync(join(checkout, "a/b/c.txt"), "inside");
  writeFileSync(join(directory, "outside/b/c.txt"), "outside");
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Puts a link to `target` where this was. */
function swap(path: string, target: string): void {
  renameSync(join(checkout, path), join(checkout, "put-away"));
  symlinkSync(target, join(checkout, path));
}

test.each([
  ["a", "../outside"],
  ["a/b", "../../outside/b"],
  ["a/b/c.txt", "../../../outside/b/c.txt"],
])("a link that took the place of %s after the check is not followed", async (path, target) => {
  const file = await resolvePath(checkout, "a/b/c.txt");
  const added = await resolvePath(checkout, "a/b/new/d.txt");
  swap(path, target);

  await expect(readText(file)).rejects.toThrow(ToolFailure);
  await expect(writeText(file, "pwned")).rejects.toThrow(ToolFailure);
  if (path !== "a/b/c.txt") {
    await expect(deleteFileAt(file)).rejects.toThrow(ToolFailure);
    await expect(writeText(added, "pwned")).rejects.toThrow(ToolFailure);
  }
  expect(readFileSync(join(directory, "outside/b/c.txt"), "utf8")).toBe("outside");
});

test("a link that took the place of a file is deleted itself", async () => {
  const file = await resolvePath(checkout, "a/b/c.txt", true);
  swap("a/b/c.txt", "../../../outside/b/c.txt");
  await deleteFileAt(file);
  expect(readFileSync(join(directory, "outside/b/c.txt"), "utf8")).toBe("outside");
});

test("what nobody has swapped is read, written with its directories, and deleted", async () => {
  expect(await readText(await resolvePath(checkout, "a/b/c.txt"))).toBe("inside");
  const added = await resolvePath(checkout, "x/y/z.txt");
  await writeText(added, "new");
  expect(await readText(added)).toBe("new");
  await deleteFileAt(added);
  await expect(readText(added)).rejects.toThrow("does not exist");
});
