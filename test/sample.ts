// A small repository with a bug, and the replies of a model that mends it.
import type { Reply } from "../local/model/script.ts";

export const buggyRepository = {
  "add.js": "export const add = (a, b) => a - b;\n",
  "add.test.js": `import assert from "node:assert";
import { test } from "node:test";
import { add } from "./add.js";

test("adds", () => assert.equal(add(2, 2), 4));
`,
  "package.json": '{ "name": "sample", "type": "module" }\n',
  ".github/afu9.yml": "verify:\n  - node --test\n",
};

const call = (name: string, input: Record<string, unknown>): Reply => ({
  text: "",
  calls: [{ name, input }],
});

export const plan: Reply[] = [
  call("readFile", { path: "add.js" }),
  { text: '{"summary": "add() subtracts", "steps": ["Use + in add.js"]}', calls: [] },
];
export const edit = (oldText: string, newText: string): Reply =>
  call("editFile", { path: "add.js", oldText, newText });
export const answer: Reply = {
  text: '{"title": "Make add() add", "summary": "`add` subtracted."}',
  calls: [],
};

export const goodScript: Reply[] = [
  ...plan,
  edit("a - b", "a + b"),
  call("runCommand", { command: "node --test" }),
  answer,
];
