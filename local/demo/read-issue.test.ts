import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { readIssue } from "./read-issue.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "afu9-issue-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function issueOf(text: string) {
  const file = join(folder, "issue.md");
  await writeFile(file, text);
  return readIssue(file);
}

test.each([
  ["Title\n\nText\nmore\n", { title: "Title", body: "Text\nmore" }],
  ["# Title\r\n\r\nText\r\n", { title: "Title", body: "Text" }],
  ["\uFEFF\n\n## Title", { title: "Title", body: "" }],
  ["#5 is broken\ntext", { title: "#5 is broken", body: "text" }],
])("the issue %j has its title in the first line", async (text, issue) => {
  expect(await issueOf(text)).toEqual(issue);
});

test.each(["", " \n\n", "#\n\ntext"])("the issue %j has no title", async (text) => {
  await expect(issueOf(text)).rejects.toThrow("has no title. Write it in the first line.");
});

test("a title that GitHub would refuse is refused before", async () => {
  await expect(issueOf("x".repeat(257))).rejects.toThrow("has 257 characters; GitHub takes 256");
});

test("a file that is not there is named", async () => {
  await expect(readIssue("/nowhere/issue.md")).rejects.toThrow("There is no issue at /nowhere/issue.md.");
});
