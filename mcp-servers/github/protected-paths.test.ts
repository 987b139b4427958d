import { expect, test } from "@jest/globals";
import { alwaysProtected, protectedBy } from "./protected-paths.ts";

test.each([
  ".github/workflows/ci.yml",
  ".github/workflows/.hidden.yml",
  ".github/workflows/deep/er.yml",
  ".GitHub/Workflows/ci.yml",
  ".github/workflows",
  ".github",
  ".github/actions/build/action.yml",
  ".github/afu9.yml",
  ".github/afu9/workflows/mine.yml",
  "CODEOWNERS",
  ".github/CODEOWNERS",
  "docs/codeowners",
  "docs",
  ".husky/pre-commit",
  ".githooks/post-checkout",
])("%s is always protected", (path) => {
  expect(protectedBy(path, alwaysProtected)).toBeDefined();
});

test.each([
  "src/add.js",
  ".github/ISSUE_TEMPLATE/bug.md",
  ".github/dependabot.yml",
  "workflows/ci.yml",
  "docs/github/workflows/ci.md",
  "src/CODEOWNERS.md",
  "package-lock.json",
  "src/.husky.md",
])("%s is not", (path) => {
  expect(protectedBy(path, alwaysProtected)).toBeUndefined();
});

test.each([
  ["package-lock.json", "package-lock.json", "web/package-lock.json"],
  ["*.lock", "yarn.lock", "a/b/Cargo.lock"],
  ["infra/", "infra/index.ts", "infra/deep/er.ts"],
  ["infra/**", "infra/index.ts", "infra"],
  ["src/*/index.ts", "src/a/index.ts", "src/b/index.ts"],
  ["src/**/secret?.ts", "src/secret1.ts", "src/a/b/secretX.ts"],
  ["/README.md", "README.md", "readme.md"],
])("the pattern %s protects %s and %s", (pattern, one, other) => {
  expect(protectedBy(one, [pattern])).toBe(pattern);
  expect(protectedBy(other, [pattern])).toBe(pattern);
});

test.each([
  ["package-lock.json", "package-lock.json.md"],
  ["infra/", "src/infra.ts"],
  ["src/*/index.ts", "src/a/b/index.ts"],
  ["src/*.ts", "lib/src/a.ts"],
  ["/README.md", "docs/README.md"],
])("the pattern %s does not protect %s", (pattern, path) => {
  expect(protectedBy(path, [pattern])).toBeUndefined();
});

test("a pattern of many stars is no slower than the path is long", () => {
  const path = `${"a/".repeat(2000)}b`;
  expect(protectedBy(path, [`${"**/a*a*a/".repeat(20)}c`])).toBeUndefined();
});
