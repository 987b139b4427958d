// What is said of a repository's configuration: in the check run `AFU-9 config`, and to who asks for it.
import { codeBlock } from "../shared/code-block.ts";
import type { EffectiveConfig } from "../shared/effective-config.ts";
import type { LineFault } from "../shared/read-yaml.ts";
import { repositoryConfigPath } from "../shared/repository-config.ts";
import type { ConfigValue } from "./read-config-view.ts";
import { inline } from "./replies.ts";

/** Where a version of the file was seen, and which one holds meanwhile: its blob's hash, or null for the defaults. */
export type ConfigVersion = { isInForce: boolean; holds: string | null };

const file = `\`${repositoryConfigPath}\``;
const seeMore = "`/afu9 config` in a comment shows what holds, and where each value comes from.";

export function configCanBeUsed({ isInForce }: ConfigVersion, warnings: LineFault[]) {
  const from = isInForce ? "It holds from now on." : "It holds as soon as it is on the default branch.";
  const doubts = warnings.length > 0 && `Something in it has no effect:\n\n${listed(warnings)}`;
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
      listed(faults),
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

function listed(faults: LineFault[]): string {
  const lines = faults.slice(0, 100).map(({ line, message }) => `${line}: ${message}`);
  return codeBlock(lines.join("\n").slice(0, 20_000).toWellFormed());
}

function paragraphs(...texts: (string | false)[]): string {
  return texts.filter(Boolean).join("\n\n");
}

type Links = Partial<Record<"owner" | "repository", string>>;

/** What holds, for people: first what somebody has set, then the defaults. `links` are the pages of the files. */
export function configTable(values: ConfigValue[], links: Links): string {
  const isSet = ({ source }: ConfigValue) => source !== "default";
  const defaults = values.filter((value) => !isSet(value));
  return paragraphs(
    table(values.filter(isSet), links),
    `<details><summary>${defaults.length} defaults</summary>\n\n${table(defaults, links)}\n\n</details>`,
  );
}

/** What can't be used of the files as they are now. */
export function brokenConfig(
  { of, faults }: EffectiveConfig["broken"][number],
  holds: string | null,
): string {
  const whose = of === "owner" ? `The owner's ${file}` : file;
  const instead = holds
    ? `The version before it (\`${holds.slice(0, 7)}\`) holds.`
    : "What holds without it, holds.";
  return `⚠️ ${whose} can't be used as it is now. ${instead}\n\n${listed(faults)}`;
}

export function withoutEffect(doubts: LineFault[]): string {
  return `Something in ${file} has no effect:\n\n${listed(doubts)}`;
}

export function aboutConfig(): string {
  return `Change it in ${file} on the default branch, or for all repositories of the owner in that file of the repository \`.github\`. docs/configuration.md of AFU-9 says what each setting does.`;
}

function table(values: ConfigValue[], links: Links): string {
  const rows = values.map(
    (value) =>
      `| \`${value.key}\` | ${shown(value.value)} | ${[from(value, links), value.note].filter(Boolean).join(": ")} |`,
  );
  return [
    "| setting | value | from |",
    "|---|---|---|",
    ...rows.map((row) => row.replaceAll("\n", " ")),
  ].join("\n");
}

function shown(value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return "–";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return inline(text).replaceAll("|", "\\|");
}

function from({ source, line }: ConfigValue, links: Links): string {
  if (source === "default" || source === "environment") return source === "default" ? "default" : "operator";
  const names = { owner: "the owner's file", repository: "this repository's file" };
  const link = (of: "owner" | "repository") =>
    links[of] ? `[${names[of]}](${links[of]}${line ? `#L${line}` : ""})` : names[of];
  return source === "owner and repository" ? `${link("owner")} and ${link("repository")}` : link(source);
}
