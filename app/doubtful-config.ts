// What is valid in a configuration and has no effect, because nothing is called so here, or because policy does not allow it.
import { closest } from "../shared/closest.ts";
import { inEach, type Text } from "../shared/language.ts";
import { readYaml } from "../shared/read-yaml.ts";
import { RepositoryConfig } from "../shared/repository-config.ts";
import { roleFor } from "./policy/command-roles.ts";
import { noSuchName, roleTooLow } from "./replies/config-notes.ts";

/** What there is to be named. */
export type ConfigNames = { workflows: string[]; commands: string[] };

export type Doubt = { line: number; text: Text };

/** Gives each doubt about a text that can be used, with its line. */
export function doubtsAbout(text: string, names: ConfigNames): Doubt[] {
  const yaml = readYaml(text);
  if ("faults" in yaml) return [];
  const config = RepositoryConfig.safeParse(yaml.value ?? {}).data;
  if (!config) return [];
  const unknown = (key: "workflows" | "roles", kind: "workflow" | "command", known: string[]) =>
    Object.keys(config[key])
      .filter((name) => !known.includes(name))
      .map((name) => ({
        path: [key, name],
        text: noSuchName(kind, name, closest(name, known)),
      }));
  const tooLow = Object.entries(config.roles)
    .filter(([name, role]) => roleFor(name, { roles: config.roles }) !== role)
    .map(([name]) => ({
      path: ["roles", name],
      text: roleTooLow(roleFor(name, { roles: config.roles })),
    }));
  return [
    ...unknown("workflows", "workflow", names.workflows),
    ...unknown("roles", "command", names.commands),
    ...tooLow,
  ].map(({ path, text }) => ({
    line: yaml.lineOf(path),
    text: inEach((language) => `${path.join(".")}: ${text[language]}`),
  }));
}
