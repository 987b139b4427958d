import { z } from "zod";

/** What the workspace answers when it ran a repository's own commands, before or after the change. */
const Check = z.object({
  passed: z.boolean(),
  reason: z.string().optional(),
  note: z.string().optional(),
  commands: z.array(
    z.object({
      command: z.string(),
      exitCode: z.number().nullable(),
      status: z.string(),
      durationMs: z.number().default(0),
      output: z.string().default(""),
    }),
  ),
});
export type Check = z.infer<typeof Check>;

export function readCheck(output: unknown): Check | undefined {
  return Check.safeParse(output).data;
}

/** In one line: which command decided it. */
export function describeCheck({ passed, commands, note, reason }: Check): string {
  const failed = commands.find(({ status }) => status !== "passed");
  if (failed) return describeCommand(failed);
  if (!passed) return reason ?? "failed";
  if (commands.length === 0) return note ?? "nothing was run";
  return `${commands.map(({ command }) => `\`${command}\``).join(", ")} passed`;
}

export function describeCommand({ command, status, exitCode }: Check["commands"][number]): string {
  if (status === "passed" || status === "timed-out") return `\`${command}\` ${status.replace("-", " ")}`;
  return `\`${command}\` failed${exitCode === null ? "" : ` with exit code ${exitCode}`}`;
}

/** How well-known test runners sum up. */
const sums = [
  /^[ℹ#] (?:tests|pass|fail) \d+/, // node --test
  /^Tests:\s+.*\d+ total/, // jest
  /^\s*Tests\s+.*\(\d+\)/, // vitest
  /^\s*\d+ (?:passing|failing)\b/, // mocha
  /^(?:=+ )?\d+ (?:passed|failed)\b.*|^=+ .*\b(?:passed|failed|error)\b.* =+$/, // pytest
  /^(?:Ran \d+ tests? in|FAILED \(|OK\b)/, // unittest
  /^(?:ok|FAIL)\s+\S+\s+[\d.(]/, // go
  /^test result: /, // cargo
];

/** The lines of a command's output that tell most: a runner's sums, or else its last ones. */
export function essence(output: string, count = 6): string[] {
  const lines = output.split("\n").filter((line) => line.trim());
  const told = lines.filter((line) => sums.some((sum) => sum.test(line)));
  return (told.length > 0 ? told : lines).slice(-count);
}
