import { cpSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { startTestWorkspace, type TestWorkspace } from "../../test/start-test-workspace.ts";

type Changes = { files: { path: string; mode?: string; deleted?: true }[] };

let system: TestWorkspace;
beforeAll(async () => {
  system = await startTestWorkspace("none");
});
afterAll(() => system.close());

test("a link in place of a directory is a change: the files that were in it are gone, though the link leads to others of the same name", async () => {
  const { caller } = await system.open("linked", { ".github/ci.yml": "on: push\n", "a.txt": "a\n" });
  const checkout = join(system.root, "linked/checkout");
  cpSync(join(checkout, ".github"), join(checkout, "mine"), { recursive: true });
  rmSync(join(checkout, ".github"), { recursive: true });
  symlinkSync("mine", join(checkout, ".github"));
  const { files } = await caller.call<Changes>("changes");
  expect(files.map(({ path, mode, deleted }) => ({ path, mode, deleted }))).toEqual([
    { path: ".github", mode: "120000" },
    { path: ".github/ci.yml", deleted: true },
    { path: "mine/ci.yml", mode: "100644" },
  ]);
});
