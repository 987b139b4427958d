import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { loadWorkflows, parseWorkflow, workflowSchema } from "./workflow.ts";

test("every workflow that comes with AFU-9 is valid", async () => {
  const files = await loadWorkflows(join(import.meta.dirname, "../workflows"));
  expect(files.map(({ definition }) => definition.name)).toEqual(["issue-to-pr"]);
});

test("the schema for editors is current", async () => {
  const file = join(import.meta.dirname, "../docs/workflow.schema.json");
  const schema = `${JSON.stringify(workflowSchema(), null, 2)}\n`;
  if (process.env.AFU9_UPDATE_SCHEMAS) await writeFile(file, schema);
  expect(await readFile(file, "utf8")).toBe(schema);
});

test("the version is the hash of the text", () => {
  const text = "name: a\non: {}\nsteps: [{ id: x, tool: github.getIssue }]\n";
  expect(parseWorkflow(text, "a.yml").version).toBe(parseWorkflow(text, "b.yml").version);
  expect(parseWorkflow(`${text} `, "a.yml").version).not.toBe(parseWorkflow(text, "a.yml").version);
});

test.each([
  ["an unknown kind of step", "steps:\n  - id: x\n    frob: y", /a\.yml:\d+: steps/],
  ["a tool without its server", "steps:\n  - id: x\n    tool: getIssue", /a\.yml:\d+: steps/],
  [
    "two steps of one id",
    "steps:\n  - { id: x, tool: a.b }\n  - { id: x, tool: a.b }",
    /each step's id once/,
  ],
  ["no step", "steps: []", /a\.yml:3: steps/],
  ["broken YAML", "steps: [", /a\.yml:4: /],
])("%s is refused with file and line", (_name, steps, message) => {
  expect(() => parseWorkflow(`name: a\non: {}\n${steps}\n`, "a.yml")).toThrow(message);
});
