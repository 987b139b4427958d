import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { test } from "@jest/globals";
import { probeSandbox } from "../mcp-servers/workspace/sandbox.ts";

type TestLike = (name: string, work: () => Promise<void> | void, timeout?: number) => void;

/** Jest's `test`, for tests that need what a machine may lack. */
export type RequiringTest = TestLike & {
  /** Whether the tests will run: where not, there is nothing to set up. */
  isMet: boolean;
};

/**
 * Gives jest's `test` where a program is installed. Where it is not, a test fails in CI, and elsewhere is reported by
 * name with the command that installs what it lacks.
 */
export function requireProgram(program: string, install: string): RequiringTest {
  return requiring(isInstalled(program), `needs ${program}; install it with: ${install}`);
}

/** The same for a bubblewrap that works: in a container it may be there and not be allowed to. */
export async function requireSandbox(): Promise<RequiringTest> {
  const fault = await probeSandbox({ kind: "bwrap", toolchains: [] });
  return requiring(
    fault === undefined,
    `needs a sandbox (${fault}); install it with: apt-get install bubblewrap`,
  );
}

function requiring(isMet: boolean, missing: string): RequiringTest {
  return Object.assign(isMet ? test : process.env.CI ? failing(missing) : reporting(missing), { isMet });
}

function failing(missing: string): TestLike {
  return (name) =>
    test(name, () => {
      throw new Error(`This test ${missing}`);
    });
}

function reporting(missing: string): TestLike {
  return (name) => {
    console.warn(`NOT RUN: "${name}" ${missing}`);
    test.skip(`${name} (${missing})`, () => {});
  };
}

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? "").split(":").some((directory) => {
    try {
      accessSync(join(directory, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
