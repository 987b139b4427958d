import { expect, test } from "@jest/globals";
import { recountHunks } from "./recount-hunks.ts";

const file = "--- a/x\n+++ b/x\n";

test.each([
  ["too few", "@@ -1,1 +1,1 @@\n a\n-b\n+c\n+d\n", "@@ -1,2 +1,3 @@\n a\n-b\n+c\n+d\n"],
  ["too many", "@@ -1,9 +1,9 @@ f()\n a\n-b\n", "@@ -1,2 +1,1 @@ f()\n a\n-b\n"],
  ["none", "@@ -1 +1 @@\n-b\n+c\n", "@@ -1,1 +1,1 @@\n-b\n+c\n"],
  ["an empty line within", "@@ -1,2 +1,2 @@\n a\n\n+c\n", "@@ -1,2 +1,3 @@\n a\n\n+c\n"],
  ["empty lines at the end", "@@ -1,2 +1,2 @@\n-b\n+c\n\n\n", "@@ -1,1 +1,1 @@\n-b\n+c\n\n\n"],
  ["no line end", "@@ -1,2 +1,2 @@\n-b\n+c", "@@ -1,1 +1,1 @@\n-b\n+c\n"],
  [
    "no line end in the file",
    "@@ -1 +1,5 @@\n-b\n\\ No newline at end of file\n+c\n",
    "@@ -1,1 +1,1 @@\n-b\n\\ No newline at end of file\n+c\n",
  ],
  ["a new file", "@@ -0,0 +1,7 @@\n+c\n", "@@ -0,0 +1,1 @@\n+c\n"],
])("a head that counts %s is made right", (_, hunk, right) => {
  expect(recountHunks(file + hunk)).toBe(file + right);
});

test("what follows a hunk is none of its lines: another hunk, another file, a signature", () => {
  const hunk = "@@ -1,1 +1,1 @@\n-b\n+c\n";
  const diff = `${file}${hunk}${hunk}${file}${hunk}diff --git a/y b/y\n${file}${hunk}-- \n2.39.5\n`;
  expect(recountHunks(diff)).toBe(diff);
});

test("a line of the file that looks like a head is not counted anew", () => {
  const diff = `${file}@@ -1,2 +1,2 @@\n @@ -1,9 +1,9 @@\n-b\n+c\n`;
  expect(recountHunks(diff)).toBe(diff);
});
