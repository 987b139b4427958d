import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect } from "@jest/globals";
import { requireSandbox } from "../../test/requires.ts";
import { startTestWorkspace, type TestWorkspace } from "../../test/start-test-workspace.ts";

const inBubblewrap = await requireSandbox();

let system: TestWorkspace;
beforeAll(async () => {
  system = await startTestWorkspace("bwrap");
});
afterAll(() => system.close());

const config = (text: string) => ({ ".github/afu9.yml": text });
inBubblewrap("git shows the work in the sandbox, and can't be written to", async () => {
  const { caller, opened } = await system.open("git", { "a.txt": "a\n" });
  await caller.call("writeFile", { path: "a.txt", content: "b\n" });

  expect(
    await caller.call("runCommand", {
      command: "git status --short && git log --format=%H && git diff --stat | head -1",
    }),
  ).toMatchObject({
    exitCode: 0,
    output: ` M a.txt\n${opened.base}\n a.txt | 2 +-\n`,
  });
  expect(await caller.call("runCommand", { command: "git config core.fsmonitor evil" })).not.toMatchObject({
    exitCode: 0,
  });
  expect(await caller.call("runCommand", { command: "git add a.txt" })).not.toMatchObject({ exitCode: 0 });
});

inBubblewrap("a command that makes itself another git directory changes nothing for the tools", async () => {
  const { caller, opened } = await system.open("other-git", { "a.txt": "a\n" });
  const marker = join(system.root, "marker");
  const command = `rm .git && git init -q && git config core.fsmonitor 'touch ${marker}' && echo b > a.txt`;
  expect(await caller.call("runCommand", { command })).toMatchObject({ exitCode: 0 });

  expect(await caller.call("changes")).toMatchObject({ base: opened.base, files: [{ path: "a.txt" }] });
  expect(existsSync(marker)).toBe(false);
});

inBubblewrap(
  "what setup puts into its home is found by later commands, and what the agent puts there not by verify",
  async () => {
    const { caller } = await system.open(
      "home",
      config("setup: echo from setup > ~/x\nverify: [grep setup ~/x, test ! -e ~/y]\n"),
    );
    expect(
      await caller.call("runCommand", { command: "cat ~/x; echo weaker > ~/x; echo new > ~/y" }),
    ).toMatchObject({ output: "from setup\n" });
    await caller.call("writeFile", { path: "a.txt", content: "a" });

    expect(await caller.call("verify")).toMatchObject({ passed: true });
  },
);

inBubblewrap("an execution's commands do not see another's workspace", async () => {
  await system.open("one", { "secret.txt": "of one\n" });
  const { caller } = await system.open("two", { "a.txt": "a" });

  expect(
    await caller.call("runCommand", {
      command: `ls ${system.root}; grep -r 'of one' / --include=secret.txt -s`,
    }),
  ).toMatchObject({
    output: expect.not.stringContaining("of one"),
  });
});
