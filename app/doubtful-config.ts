// What is valid in a configuration and has no effect, because nothing is called so here, or because policy does not allow it.
import { didYouMean } from "../shared/closest.ts";
import { type LineFault, readYaml } from "../shared/read-yaml.ts";
import { RepositoryConfig } from "../shared/repository-config.ts";
import { roleFor } from "./policy/command-roles.ts";

/** What there is to be named. */
export type ConfigNames = { workflows: string[]; commands: string[] };

/** Gives each doubt about a text that can be used, with its line. */
export function doubtsAbout(text: string, names: ConfigNames): LineFault[] {
  const yaml = readYaml(text);
  if ("faults" in yaml) return [];
  const config = RepositoryConfig.safeParse(yaml.value ?? {}).data;
  if (!config) return [];
  const unknown = (key: "workflows" | "roles", kind: string, known: string[]) =>
    Object.keys(config[key])
      .filter((name) => !known.includes(name))
      .map((name) => ({
        path: [key, name],
        message: `there is no ${kind} \`${name}\` here.${didYouMean(name, known)}`,
      }));
  const tooLow = Object.entries(config.roles)
    .filter(([name, role]) => roleFor(name, { roles: config.roles }) !== role)
    .map(([name]) => ({
      path: ["roles", name],
      message: `it needs the role \`${roleFor(name, { roles: config.roles })}\` at least, and that holds.`,
    }));
  return [
    ...unknown("workflows", "workflow", names.workflows),
    ...unknown("roles", "command", names.commands),
    ...tooLow,
  ].map(({ path, message }) => ({ line: yaml.lineOf(path), message: `${path.join(".")}: ${message}` }));
}
