// docs/configuration.md is made of the schema of `.github/afu9.yml`, and of .env.example, which says of every variable what it is for.
import { z } from "zod";
import { repositoryConfigSchema } from "../../shared/repository-config.ts";
import { readVariables, type VariableSection } from "./read-variables.ts";

const Schema = z.looseObject({
  description: z.string().optional(),
  default: z.unknown().optional(),
  type: z.string().optional(),
  enum: z.array(z.string()).optional(),
  items: z.looseObject({ type: z.string().optional() }).optional(),
  anyOf: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
});

const command = "`AFU9_UPDATE_DOCS=1 npm run jest -- local/documents`";

/** The page with what it says of settings made anew; what stands around that stays. */
export function withSettings(page: string, env: string): string {
  const sections = readVariables(env).map(variablesOf).join("\n\n");
  return between(between(page, "keys", keysOf()), "variables", sections);
}

function between(page: string, name: string, content: string): string {
  const begin = `<!-- The ${name}: made by ${command} -->`;
  const end = `<!-- The end of the ${name} -->`;
  const [before, rest] = page.split(begin);
  const [, after] = rest?.split(end) ?? [];
  if (after === undefined) throw new Error(`Expected the lines ${begin} and ${end} in the page.`);
  return `${before}${begin}\n\n${content}\n\n${end}${after}`;
}

/** One row for each key, also of those inside of others. */
function keysOf(): string {
  const rows = rowsOf(repositoryConfigSchema(), []);
  return ["| key | what it takes | default | what it does |", "|---|---|---|---|", ...rows].join("\n");
}

function rowsOf(schema: unknown, path: string[]): string[] {
  return Object.entries(Schema.parse(schema).properties ?? {}).flatMap(([key, value]) => {
    const here = [...path, key];
    const part = Schema.parse(value);
    const standard = part.properties || part.default === undefined ? "" : code(part.default);
    const row = `| \`${here.join(".")}\` | ${typeOf(part)} | ${standard} | ${part.description ?? ""} |`;
    return [row, ...rowsOf(value, here)];
  });
}

function typeOf({
  type,
  enum: words,
  anyOf,
  items,
  properties,
  additionalProperties,
}: z.infer<typeof Schema>): string {
  if (words) return words.map(code).join(", ");
  if (properties) return "keys, see below";
  if (anyOf) return anyOf.map((one) => typeOf(Schema.parse(one))).join(" or ");
  if (items) return "a list of texts";
  if (type === "object") return `names, each with ${typeOf(Schema.parse(additionalProperties))}`;
  return (
    { string: "a text", boolean: "`true` or `false`", number: "a number", integer: "a whole number" }[
      type ?? ""
    ] ?? ""
  );
}

function code(value: unknown): string {
  return `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;
}

function variablesOf({ title, variables }: VariableSection): string {
  const rows = variables.map(
    ({ names, text }) => `| ${names.map(variable).join("<br>")} | ${text.replaceAll("|", "\\|")} |`,
  );
  return [
    `### ${title}`,
    "",
    "| variable, with its default or an example | what it is |",
    "|---|---|",
    ...rows,
  ].join("\n");
}

function variable({ name, value }: VariableSection["variables"][number]["names"][number]): string {
  return `\`${name}${value ? `=${value.replaceAll("|", "\\|")}` : ""}\``;
}
