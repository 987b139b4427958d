import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, test } from "@jest/globals";
import { checkWorkflow } from "./check-workflow.ts";
import { readKnownNames } from "./known-names.ts";

const root = join(import.meta.dirname, "..");
const known = { tools: ["github.getIssue", "github.addComment", "workspace.verify"], agents: ["plan"] };

test("every fault is named with its line: of the schema, and names that nothing has", () => {
  const source = `name: bad
on: { label: x, colour: red }
steps:
  - id: a
    tool: github.getIsue
  - id: b
    agent: planner
    until: nowhere.verify
`;
  const checked = checkWorkflow(source, "bad.yml", known);
  expect(checked).toMatchObject({
    faults: [
      { line: 2, message: expect.stringContaining("colour") },
      { line: 5, message: expect.stringContaining("there is no tool `github.getIsue`") },
      { line: 7, message: expect.stringContaining("there is no agent `planner`") },
      { line: 8, message: expect.stringContaining("there is no tool `nowhere.verify`") },
    ],
  });
});

test("a file that is no YAML, or no definition, has its fault at a line", () => {
  expect(checkWorkflow("name: [", "a.yml", known)).toMatchObject({ faults: [{ line: 1 }] });
  expect(checkWorkflow("- 1", "a:1.yml", known)).toMatchObject({ faults: [{ line: 1 }] });
});

test("what comes with AFU-9 is fine", async () => {
  const known = await readKnownNames(root);
  const files = await readdir(join(root, "workflows"));
  expect(files).toContain("issue-to-pr.yml");
  for (const file of files) {
    const source = await readFile(join(root, "workflows", file), "utf8");
    expect(checkWorkflow(source, file, known)).toMatchObject({
      definition: { name: basename(file, ".yml") },
      version: expect.stringMatching(/^\w{12}$/),
    });
  }
});
