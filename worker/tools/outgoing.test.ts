import { expect, test } from "@jest/globals";
import { createRedact } from "../../shared/redact.ts";
import { outgoing } from "./outgoing.ts";

const key = "q7Xv9ZtR2kLmW8pYc4JdN6sBf1HgT5uA";
const redact = createRedact([key]);
const github = { name: "github", isThirdParty: false };
const base64 = (text: string) => Buffer.from(text).toString("base64");

test("what people would read leaves without the secret, also what a branch is called", () => {
  const input = {
    branch: `afu9/${key.slice(0, 8)}`,
    title: `Use ${key}`,
    body: `![](https://x.test/?${base64(key)})`,
  };
  expect(outgoing(input, github, redact)).toEqual({
    branch: "afu9/[removed]",
    title: "Use [removed]",
    body: expect.stringMatching(/^!\[\]\(https:\/\/x\.test\/\?\[removed\]=*\)$/),
  });
});

test("files that hold a secret are not committed, and the refusal names them", () => {
  const files = [
    { path: "a.ts", mode: "100644", content: base64("const a = 1;\n") },
    { path: "src/b.ts", mode: "100644", content: base64(`const key = "${key.slice(4, 20)}";\n`) },
  ];
  expect(() => outgoing({ message: "Add", files }, github, redact)).toThrow(
    "The files were not sent to github: src/b.ts holds a secret",
  );
  const clean = { message: `Add ${key}`, files: files.slice(0, 1) };
  expect(outgoing(clean, github, redact)).toEqual({ message: "Add [removed]", files: clean.files });
});

test("the checkout gets what the agent wrote, and a third party's server of the same name does not", () => {
  const input = { path: "a.ts", content: `a test's own token: ghp_${"a1".repeat(18)}` };
  expect(outgoing(input, { name: "workspace", isThirdParty: false }, redact)).toBe(input);
  expect(outgoing(input, { name: "workspace", isThirdParty: true }, redact)).toEqual({
    path: "a.ts",
    content: "a test's own token: [removed]",
  });
});
