// What the check run `AFU-9 config` says, in English.
import { codeBlock } from "../shared/code-block.ts";
import type { LineFault } from "../shared/read-yaml.ts";
import { repositoryConfigPath } from "../shared/repository-config.ts";

/** Where a version of the file was seen, and which one holds meanwhile: its blob's hash, or null for the defaults. */
export type ConfigVersion = { isInForce: boolean; holds: string | null };

const file = `\`${repositoryConfigPath}\``;
const seeMore = "`/afu9 config` in a comment shows what holds, and where each value comes from.";

export function configCanBeUsed({ isInForce }: ConfigVersion, warnings: LineFault[]) {
  const from = isInForce ? "It holds from now on." : "It holds as soon as it is on the default branch.";
  const doubts = warnings.length > 0 && `Something in it has no effect:\n\n${faultList(warnings)}`;
  return {
    title: warnings.length > 0 ? "It can be used, with a doubt" : "It can be used",
    summary: paragraphs(`${file} can be used. ${from}`, doubts, seeMore),
  };
}

export function configCantBeUsed({ isInForce, holds }: ConfigVersion, faults: LineFault[]) {
  const inForce = holds
    ? `the version before it (\`${holds.slice(0, 7)}\`)`
    : "what holds without the file: there is no earlier version that could be used";
  return {
    title: faults.length === 1 ? "It can't be used: one fault" : `It can't be used: ${faults.length} faults`,
    summary: paragraphs(
      `${file} can't be used:`,
      faultList(faults),
      isInForce
        ? `Until it is mended, in force stays ${inForce}.`
        : `On the default branch it would change nothing: in force would stay ${inForce}.`,
      seeMore,
    ),
  };
}

export function configIsGone() {
  return {
    title: "It was removed",
    summary: paragraphs(`There is no ${file} any more. What holds without it is in force.`, seeMore),
  };
}

export function faultList(faults: LineFault[]): string {
  const lines = faults.slice(0, 100).map(({ line, message }) => `${line}: ${message}`);
  return codeBlock(lines.join("\n").slice(0, 20_000).toWellFormed());
}

function paragraphs(...texts: (string | false)[]): string {
  return texts.filter(Boolean).join("\n\n");
}
