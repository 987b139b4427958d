// Runs setup and verify commands one after the other, until one fails.
import type { CommandResult } from "./run-process.ts";
import type { Sandbox } from "./sandbox.ts";

export const commandTimeoutMs = 600_000;

/** The limits of a tool that runs all of a repository's commands. AFU-9's own client waits for a minute more. */
export const limitsOfCommands = { timeoutMs: 44 * 60_000 };

export type CheckedCommand = {
  phase: "setup" | "verify";
  command: string;
  exitCode: number | null;
  /** `not-runnable`: the shell did not find the program, or may not run it. */
  status: "passed" | "failed" | "timed-out" | "not-runnable";
  /** Why it was stopped before its time. */
  stopped?: string;
  durationMs: number;
  output: string;
};

export type Phase = { phase: CheckedCommand["phase"]; commands: string[]; network: boolean };

type Where = { checkout: string; home: string; gitDirectory: string; signal: AbortSignal };

/** The last of the results is the one that did not pass, if any. */
export async function runCommands(
  sandbox: Sandbox,
  phases: Phase[],
  where: Where,
): Promise<CheckedCommand[]> {
  const results: CheckedCommand[] = [];
  for (const { phase, commands, network } of phases) {
    for (const command of commands) {
      const cap = { head: 0, tail: 20_000 };
      const result = await sandbox.run({ command, network, timeoutMs: commandTimeoutMs, cap, ...where });
      const { exitCode, durationMs, output, stopped } = result;
      const status = statusOf(result);
      results.push({ phase, command, exitCode, status, ...(stopped && { stopped }), durationMs, output });
      if (status !== "passed") return results;
    }
  }
  return results;
}

/** Says in a sentence what became of the command that did not pass. */
export function whyNotPassed({ phase, command, status, exitCode, stopped }: CheckedCommand): string {
  const what = phase === "setup" ? `The setup command \`${command}\`` : `\`${command}\``;
  if (status === "timed-out") return `${what} was stopped after ${commandTimeoutMs / 1000} seconds.`;
  if (status === "not-runnable")
    return `${what} could not be run: a program that it needs is not installed (exit code ${exitCode}).`;
  if (stopped) return `${what} did not end by itself. ${stopped}`;
  return exitCode === null ? `${what} was killed.` : `${what} failed with exit code ${exitCode}.`;
}

function statusOf({ exitCode, timedOut }: CommandResult): CheckedCommand["status"] {
  if (timedOut) return "timed-out";
  if (exitCode === 126 || exitCode === 127) return "not-runnable";
  return exitCode === 0 ? "passed" : "failed";
}
