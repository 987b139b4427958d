import { expect, test } from "@jest/globals";
import { withForkUnheard, withForkUnrun } from "./fork-toolbox.ts";
import type { Toolbox, ToolCall } from "./toolbox.ts";

const answer = { text: "done", isError: false, mayPass: false, durationMs: 1 };
const toolbox: Toolbox = {
  specs: async () => [],
  isReadOnly: async () => true,
  fullName: (name) => name,
  call: async () => answer,
};
const head = { ref: "main", sha: "a".repeat(40), repository: "mallory/sample" };
const base = { ref: "main", sha: "b".repeat(40) };
const from = (isFork: boolean) => ({
  pullRequest: { number: 1, head, base, isFork, byApp: false },
});
const call = (input: object, tool = "workspace.openWorkspace"): ToolCall => ({
  tool,
  input: { ...input },
  signal: new AbortController().signal,
});

test("a fork's setup is never run, whatever the workflow says", async () => {
  const box = withForkUnrun(toolbox, from(true));
  for (const input of [{}, { setup: true }, { setup: "false" }])
    await expect(box.call(call(input))).rejects.toThrow(
      "needs `setup: false`: the setup commands would be the fork's",
    );
  expect(await box.call(call({ setup: false }))).toBe(answer);
  expect(await box.call(call({}, "workspace.readFile"))).toBe(answer);
});

test("a pull request of the repository itself is set up", async () => {
  expect(await withForkUnrun(toolbox, from(false)).call(call({}))).toBe(answer);
  expect(await withForkUnrun(toolbox, {}).call(call({}))).toBe(answer);
});

test("with the commits of an adopted fork only the default branch says how it is set up, whatever the workflow says", async () => {
  const inputs: object[] = [];
  const noting = {
    ...toolbox,
    call: async ({ input }: ToolCall) => {
      inputs.push(input);
      return answer;
    },
  };
  const config = { setup: ["npm ci"], verify: ["npm test"], network: false };
  const on = (ref: string) => ({
    pullRequest: { number: 2, head: { ...head, ref }, base, isFork: false, byApp: true },
  });
  const adopted = withForkUnheard(noting, on("afu9/adopt-1"), config);
  await adopted.call(call({ ref: "x", ownCommands: true }));
  await adopted.call(call({ defaults: { verify: ["make"] } }));
  await adopted.call(call({ path: "a" }, "workspace.readFile"));
  await withForkUnheard(noting, on("afu9/issue-1"), config).call(call({ ref: "x" }));
  await withForkUnheard(noting, {}, config).call(call({ ref: "x" }));
  expect(inputs).toEqual([
    { ref: "x", defaults: config, ownCommands: false },
    { defaults: { verify: ["make"] }, ownCommands: false },
    { path: "a" },
    { ref: "x" },
    { ref: "x" },
  ]);
});
