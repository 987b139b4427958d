import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { PermanentFault } from "./errors.ts";
import { loadWorkflow, loadWorkflows, parseWorkflow, workflowSchema } from "./workflow.ts";

test("every workflow that comes with AFU-9 is valid", async () => {
  const files = await loadWorkflows(join(import.meta.dirname, "../workflows"));
  expect(files.map(({ definition }) => definition.name)).toEqual([
    "adopt",
    "answer-review",
    "explain",
    "fix-ci",
    "issue-to-pr",
    "rebase",
    "review",
    "spec",
    "why",
  ]);
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

test.each([
  ["a word", "run", { name: "run", aliases: [], "works-on": ["issue"] }],
  [
    "what it is called and where it works",
    "{ name: explain, aliases: [why], works-on: [issue, pull-request] }",
    { name: "explain", aliases: ["why"], "works-on": ["issue", "pull-request"] },
  ],
])("a command is %s", (_name, command, expected) => {
  const text = `name: a\non: { command: ${command} }\nsteps: [{ id: x, tool: a.b }]\n`;
  expect(parseWorkflow(text, "a.yml").definition.on.command).toEqual(expected);
});

test.each([
  ["command: Run!", "on.command: expected a word"],
  ["command: { name: run, works-on: [wiki] }", "on.command.works-on.0: Invalid option"],
  ["pull_request: { types: [labeled] }", "on.pull_request.types.0: Invalid option"],
  ["workflow_run: { conclusion: failure }", "Did you mean `conclusions`?"],
  ["pul_request: {}", "Did you mean `pull_request`?"],
])("a workflow can't be started by %s", (on, message) => {
  const text = `name: a\non: { ${on} }\nsteps: [{ id: x, tool: a.b }]\n`;
  expect(() => parseWorkflow(text, "a.yml")).toThrow(message);
});

const definition = (steps: string) => `name: a\non: {}\nsteps:\n${steps}`;
const known = { tools: ["github.getIssue", "workspace.verify"], agents: ["plan"] };
function faultsOf(text: string): string[] {
  try {
    loadWorkflow(text, "a.yml", known);
    return [];
  } catch (error) {
    expect(error).toBeInstanceOf(PermanentFault);
    return (error as Error).message.split("\n");
  }
}

test("all faults of a file are told at once, each with its line, in their order", () => {
  const text = definition(`  - id: first
    tool: github.getIsue
    timout-minutes: 3
    with:
      number: \${{ steps.last.outputs.number }}
  - id: last
    agent: plann
    until: workspace.verify
    if: failed()
    retry: { attemps: 3 }
    with:
      a: \${{ steps.first.output }}
      b: [x, "\${{ secrets.y }}"]
`);
  expect(faultsOf(text)).toEqual([
    "a.yml:5: steps.0.tool: there is no tool `github.getIsue`. Did you mean `github.getIssue`?",
    "a.yml:6: steps.0.timout-minutes: there is no such key. Did you mean `timeout-minutes`?",
    "a.yml:8: steps.0.with.number: the expression `steps.last.outputs.number`: step `first` uses the outputs of `last`, which runs after it.",
    "a.yml:10: steps.1.agent: there is no agent `plann`. Did you mean `plan`?",
    "a.yml:12: steps.1.if: the expression `failed()` can't be evaluated: Unrecognized function: 'failed'",
    "a.yml:13: steps.1.retry.attemps: there is no such key. Did you mean `attempts`?",
    "a.yml:15: steps.1.with.a: the expression `steps.first.output`: `steps.first` has no `output`. Did you mean `outputs`? It has `outputs`, `outcome`, `conclusion`.",
    "a.yml:16: steps.1.with.b.1: the expression `secrets.y`: there is no `secrets`. Available are `repository`, `issue`, `pullRequest`, `run`, `review`, `sender`, `instructions`, `command`, `config`, `execution`, `steps`.",
  ]);
});

test.each([
  ["a step that uses its own outputs", "steps.x.outputs.a", "step `x` uses its own outputs."],
  ["a step that is not there", "steps['begn'].outputs", "there is no step `begn`. Did you mean `begin`?"],
  ["a part that a context has not", "repository.ownr", "Did you mean `owner`?"],
  [
    "a part that a part has not",
    "pullRequest.head.shaa",
    "`pullRequest.head` has no `shaa`. Did you mean `sha`?",
  ],
  ["a part of a text", "instructions.text", "`instructions` is a text"],
  ["two unknown names, both told", "foo || bar", "there is no `foo`."],
  ["an expression that does not parse", "issue.", "can't be evaluated: "],
  ["an expression that is empty", " ", "expected an expression"],
  ["an expression that always throws", "fromJson('{')", "can't be evaluated: "],
  ["a function with too few arguments", "contains('a')", "Too few parameters"],
])("%s is refused", (_name, expression, message) => {
  const text = definition(`  - { id: begin, tool: github.getIssue }
  - id: x
    tool: github.getIssue
    with: { a: "a \${{ ${expression} }} b" }
`);
  expect(faultsOf(text).join("\n")).toMatch(/^a\.yml:7: steps\.1\.with\.a: /);
  expect(faultsOf(text).join("\n")).toContain(message);
});

test.each([
  [
    "a wait with a mistyped key",
    "wait: { event: push, mach: {} }",
    "wait.mach: there is no such key. Did you mean `match`?",
  ],
  [
    "a wait for nothing",
    "wait: {}",
    "wait: expected one of `event`, `match`, `expires-after-days`, `minutes`, `until`",
  ],
  [
    "an approval by nobody's role",
    "approve: { what: x, by: { role: boss } }",
    "approve.by.role: Invalid option",
  ],
  [
    "an expression that is not closed",
    'tool: github.getIssue\n    with: { a: "${{ issue.number" }',
    "expected `}}` after `${{`",
  ],
  [
    "aliases that fill the memory",
    `with: {${[...Array(9)].map((_, i) => `a${i}: &a${i} [${`${i ? `*a${i - 1}` : "x"}, `.repeat(9)}]`).join(", ")}}`,
    "alias",
  ],
])("%s is refused", (_name, step, message) => {
  expect(faultsOf(definition(`  - id: x\n    ${step}\n`)).join("\n")).toContain(message);
});

test.each([
  "steps.begin.outputs.a.b[0]",
  "STEPS.Begin.outcome == 'success' && !cancelled()",
  "steps['begin'].conclusion",
  "steps.*.outputs",
  "pullrequest.HEAD.sha != run['id']",
  "format('{0} }} {1}', issue.number, toJson(execution))",
  "contains(repository.name, 'steps.nothing.outputs') || true",
])("the expression %s passes", (expression) => {
  const text = definition(`  - { id: begin, tool: github.getIssue }
  - id: x
    tool: github.getIssue
    if: ${JSON.stringify(expression)}
    with: { a: ${JSON.stringify(`\${{ ${expression} }}`)} }
`);
  expect(faultsOf(text)).toEqual([]);
});

test("an execution goes on with a definition that would not be loaded today", () => {
  const text = definition("  - { id: x, tool: a.b, if: nothing.here }\n");
  expect(() => loadWorkflow(text, "a.yml")).toThrow("there is no `nothing`");
  expect(parseWorkflow(text, "a.yml").definition.steps).toHaveLength(1);
});

test("a name is looked for among what is known, and not checked where nothing is", () => {
  const text = definition("  - { id: x, agent: any, until: any.thing }\n");
  expect(loadWorkflow(text, "a.yml").definition.steps).toHaveLength(1);
  expect(faultsOf(text)).toHaveLength(2);
});
