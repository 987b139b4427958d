import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { ToolFailure } from "../../shared/errors.ts";
import { resolvePath } from "./resolve-path.ts";

const directory = realpathSync(mkdtempSync(join(tmpdir(), "afu9-paths-")));
const checkout = join(directory, "checkout");

beforeAll(() => {
  mkdirSync(join(checkout, "src"), { recursive: true });
  mkdirSync(join(directory, "checkout-of-another"));
  writeFileSync(join(checkout, "src/a.ts"), "");
  symlinkSync("src", join(checkout, "in"));
  symlinkSync("../outside", join(checkout, "nowhere"));
  symlinkSync("../checkout-of-another", join(checkout, "neighbour"));
});
afterAll(() => rmSync(directory, { recursive: true }));

test.each([
  ["src/a.ts", "src/a.ts", "src/a.ts"],
  ["./src//a.ts", "src/a.ts", "src/a.ts"],
  ["", ".", ""],
  [".", ".", ""],
  ["in/a.ts", "in/a.ts", "src/a.ts"],
  ["in/new/b.ts", "in/new/b.ts", "src/new/b.ts"],
  [".github/x", ".github/x", ".github/x"],
  [".gitignore", ".gitignore", ".gitignore"],
  ["..a/..b", "..a/..b", "..a/..b"],
])("%j is the path %j, on disk %j", async (given, path, absolute) => {
  expect(await resolvePath(checkout, given)).toEqual({
    path,
    root: checkout,
    absolute: join(checkout, absolute),
  });
});

test.each(["nowhere", "nowhere/x", "neighbour", "neighbour/x", "neighbour/new/x", "src/a.ts/b"])(
  "%j is refused",
  async (given) => {
    await expect(resolvePath(checkout, given)).rejects.toThrow(ToolFailure);
  },
);

test("a link stands for itself where that is asked for, but never leads the way", async () => {
  expect(await resolvePath(checkout, "neighbour", true)).toEqual({
    path: "neighbour",
    root: checkout,
    absolute: join(checkout, "neighbour"),
  });
  expect(await resolvePath(checkout, "nowhere", true)).toEqual({
    path: "nowhere",
    root: checkout,
    absolute: join(checkout, "nowhere"),
  });
  await expect(resolvePath(checkout, "neighbour/x", true)).rejects.toThrow(ToolFailure);
});
