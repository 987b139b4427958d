import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { parseRepositoryConfig, readConfigText, repositoryConfigSchema } from "./repository-config.ts";

test("the schema for editors is current", async () => {
  const file = join(import.meta.dirname, "../docs/afu9.schema.json");
  const schema = `${JSON.stringify(repositoryConfigSchema(), null, 2)}\n`;
  if (process.env.AFU9_UPDATE_SCHEMAS) await writeFile(file, schema);
  expect(await readFile(file, "utf8")).toBe(schema);
});

test.each([
  ["an empty file", ""],
  ["comments alone", "# later\n"],
])("%s leaves the defaults", (_name, text) => {
  expect(parseRepositoryConfig(text)).toMatchObject({
    labels: { start: "afu9", hold: "afu9/hold", done: "afu9/done" },
    triggers: { label: true, workflow_run: true },
    approval: { plan: false },
    roles: {},
    workflows: {},
  });
});

test("every fault is found, each on its line, with the key that was probably meant", () => {
  const text = "verifi: npm test\nbudget:\n  usd: much\nlabels:\n  strt: go\nroles: { run: owner }\n";
  expect(readConfigText(text)).toEqual({
    faults: [
      { line: 1, message: "verifi: there is no such key. Did you mean `verify`?" },
      { line: 3, message: expect.stringMatching(/^budget\.usd: .*expected number/) },
      { line: 5, message: "labels.strt: there is no such key. Did you mean `start`?" },
      { line: 6, message: expect.stringMatching(/^roles\.run: .*"maintain"/) },
    ],
  });
});

test.each([
  ["broken YAML", "verify: [npm test\n", 2, "end with a \\]"],
  ["a key twice", "network: true\nnetwork: false\n", 2, "unique"],
  ["a list in place of keys", "- npm test\n", 1, "expected object"],
  ["an alias that would fill the memory", bomb(), 1, "alias"],
  ["a label with a comma", "labels:\n  hold: a,b\n", 2, "without a comma"],
  ["one label for two things", "labels:\n  hold: x\n  start: X\n", 1, "seven different labels"],
  ["the role of nobody", "roles:\n  run: none\n", 2, "roles.run"],
  ["a command in capitals", "roles:\n  Run: read\n", 2, "roles"],
])("%s is a fault on its line", (_name, text, line, message) => {
  const read = readConfigText(text);
  expect("faults" in read && read.faults).toEqual([
    { line, message: expect.stringMatching(new RegExp(message, "i")) },
  ]);
});

test("what is refused names the file, the line and the key", () => {
  expect(() => parseRepositoryConfig("\nbudget: { usd: 0 }\n")).toThrow(
    /`\.github\/afu9\.yml` can't be used: line 2: budget\.usd: /,
  );
});

function bomb(): string {
  const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"];
  for (let level = 1; level < 9; level++) {
    const before = Array.from({ length: 9 }, () => `*a${level - 1}`).join(", ");
    lines.push(`a${level}: &a${level} [${before}]`);
  }
  return lines.join("\n");
}
