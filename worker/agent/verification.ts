import { z } from "zod";
import { codeBlock } from "../../shared/code-block.ts";
import { PermanentFault } from "../../shared/errors.ts";
import { fenced } from "../../shared/untrusted-text.ts";

/** What a tool that is named in `until` answers. */
const Verification = z.looseObject({
  passed: z.boolean(),
  reason: z.string().optional(),
  note: z.string().optional(),
  commands: z.array(
    z.looseObject({
      command: z.string(),
      exitCode: z.number().nullish(),
      status: z.string(),
      output: z.string().default(""),
    }),
  ),
});
export type Verification = z.infer<typeof Verification>;

export function parseVerification(data: unknown, tool: string): Verification {
  const parsed = Verification.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new PermanentFault(
    `\`${tool}\` can't be used in \`until\`: expected an answer with \`passed\` and \`commands\`. ${z.prettifyError(parsed.error)}`,
  );
}

/** The turn that the agent gets after a failed verification. The output of commands is data. */
export function verificationFailed(verification: Verification): string {
  return [
    "The verification of your change failed on a clean checkout. Mend the change, then give your answer again.",
    fenced("verification", `${verification.reason ?? ""}\n${commandList(verification, true)}`, "output"),
  ].join("\n\n");
}

/** What was verified and how it came out, in Markdown, from what the tool answered. */
export function evidence(verification: Verification): string {
  const lines = [verification.reason, verification.note].filter(Boolean);
  const body = commandList(verification, !verification.passed);
  return [...lines, body].filter(Boolean).join("\n\n");
}

function commandList({ commands }: Verification, withOutput: boolean): string {
  return commands
    .map((one) => {
      const exit = one.exitCode === null || one.exitCode === undefined ? "" : `, exit code ${one.exitCode}`;
      const output = withOutput && one.status !== "passed" ? `\n\n${codeBlock(one.output)}` : "";
      return `- \`${one.command}\`: ${one.status}${exit}${output}`;
    })
    .join("\n");
}
