import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { commitFiles } from "../../local/github/testing/commit-files.ts";
import { eventually } from "../eventually.ts";
import { buggyRepository, goodScript } from "../sample.ts";
import { type System, startSystem } from "../system.ts";

const at = { owner: "acme", repo: "sample" };
let system: System;
beforeAll(async () => {
  system = await startSystem({ script: goodScript, files: buggyRepository });
}, 60_000);
afterAll(() => system?.close());

const open = async (title: string, labels: string[] = []) =>
  (await system.maintainer.rest.issues.create({ ...at, title, labels })).data.number;
const said = (issue_number: number, text: string) =>
  eventually(`a comment with "${text}"`, async () => {
    const { data } = await system.maintainer.rest.issues.listComments({ ...at, issue_number });
    return data.find(({ user, body }) => user?.type === "Bot" && body?.includes(text))?.body;
  });
const asked = async (text: string) => {
  const issue_number = await open("What holds here?");
  await system.maintainer.rest.issues.createComment({ ...at, issue_number, body: "/afu9 config" });
  return said(issue_number, text);
};
const push = (text: string) => commitFiles(system.maintainer, at, { ".github/afu9.yml": text });
const check = (ref: string) =>
  eventually("the check run AFU-9 config", async () => {
    const { data } = await system.maintainer.rest.checks.listForRef({
      ...at,
      ref,
      check_name: "AFU-9 config",
    });
    return data.check_runs[0];
  });

test("a configuration that breaks is told on its commit, and what held before holds for the next execution", async () => {
  expect(await asked("`verify`")).toContain('| `verify` | `["node --test"]` | [this repository\'s file](');

  const broken = await push("verifi:\n  - node --test\n");
  expect(await check(broken)).toMatchObject({ conclusion: "failure", output: { annotations_count: 1 } });
  expect(await asked("can't be used as it is now")).toContain("Did you mean `verify`?");

  const number = await open("add(2, 2) is 0", ["afu9"]);
  expect(await system.finished(number)).toMatchObject({ status: "succeeded", error: null });
  const { data: pulls } = await system.maintainer.rest.pulls.list(at);
  expect(pulls[0]?.body).toContain("- `node --test`: passed, exit code 0");
  expect(await said(number, "so this goes by the last version that could be used")).toContain(
    "1: verifi: there is no such key.",
  );

  const mended = await push("verify: node --test\nworkflows: { issue-to-pr: false }\n");
  expect(await check(mended)).toMatchObject({ conclusion: "success" });
  expect(await said(await open("add(3, 3) is 0", ["afu9"]), "switched off")).toContain("`issue-to-pr`");
});
