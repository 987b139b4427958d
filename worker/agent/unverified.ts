// What a verification does not show, from what its tool answered: never from what a model says of it.
import { z } from "zod";
import type { Verification } from "./verification.ts";

const Weakened = z.array(z.object({ path: z.string(), what: z.string() })).catch([]);

/** A list in Markdown, empty when nothing is left out. */
export function unverified(verification: Verification): string {
  const { passed, reason, note, commands } = verification;
  const weakened = Weakened.parse(verification.weakened);
  return [
    !passed &&
      `It did not pass: ${reason ?? "its last command failed."} What would have come after it was not run.`,
    commands.length === 0 && passed && (note ?? "No command was run."),
    ...weakened.map(({ path, what }) => `${what}: \`${path.replaceAll("`", "'")}\``),
  ]
    .filter(Boolean)
    .map((line) => `- ${line}`)
    .join("\n");
}
