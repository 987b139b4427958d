import { expect, test } from "@jest/globals";
import { chooseSandbox } from "./sandbox-choice.ts";

const working = async () => undefined;
const missing = async () => "the program bwrap is not installed";

test("commands run in bubblewrap where it works", async () => {
  expect(await chooseSandbox({}, false, working)).toEqual({ kind: "bwrap" });
});

test("without bubblewrap the sample runs unsandboxed, and the demo says so", async () => {
  const { kind, note } = await chooseSandbox({}, true, missing);
  expect(kind).toBe("none");
  expect(note).toContain("the program bwrap is not installed");
});

test("without bubblewrap any other repository is refused, with both ways out", async () => {
  const refusal = chooseSandbox({}, false, missing);
  await expect(refusal).rejects.toThrow("apt-get install bubblewrap");
  await expect(refusal).rejects.toThrow("AFU9_SANDBOX=none");
});

test("who switches the sandbox off by name is told what that means", async () => {
  const { kind, note } = await chooseSandbox({ AFU9_SANDBOX: "none" }, false, working);
  expect(kind).toBe("none");
  expect(note).toContain("with your own rights");
});
