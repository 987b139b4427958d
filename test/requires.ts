import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { test } from "@jest/globals";

type TestLike = (name: string, work: () => Promise<void> | void) => void;

/**
 * Gives jest's `test` where a program is installed. Where it is not, a test fails in CI, and elsewhere is reported by
 * name with the command that installs what it lacks.
 */
export function requireProgram(program: string, install: string): TestLike {
  if (isInstalled(program)) return test;
  const missing = `needs ${program}; install it with: ${install}`;
  if (process.env.CI) {
    return (name) =>
      test(name, () => {
        throw new Error(`This test ${missing}`);
      });
  }
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
