// Real work, but little of it: a repository with one wrong line, and a model that mends it in four turns.
import type { Script } from "../../local/model/script.ts";

export const files = {
  "add.js": "export const add = (a, b) => a - b;\n",
  ".github/afu9.yml": "verify:\n  - \"grep -q 'a + b' add.js\"\n",
};

export const script: Script = {
  agents: {
    plan: [
      { text: "", calls: [{ name: "readFile", input: { path: "add.js" } }] },
      { text: '{"summary": "add() subtracts", "steps": ["Use + in add.js"]}', calls: [] },
    ],
    implement: [
      {
        text: "",
        calls: [{ name: "editFile", input: { path: "add.js", oldText: "a - b", newText: "a + b" } }],
      },
      { text: '{"title": "Make add() add", "summary": "`add` subtracted."}', calls: [] },
    ],
  },
};
