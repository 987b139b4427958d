// What is said of one setting: what it depends on, what binds it, and why it has no effect.
import { inAll, type Text } from "../../shared/language.ts";
import type { Role } from "../../shared/role.ts";
import { didYouMean } from "./commands.ts";

export function allowedNetwork(): Text {
  return {
    en: "where the operator allows it (`AFU9_SANDBOX_NETWORK`)",
    de: "wo der Betreiber es erlaubt (`AFU9_SANDBOX_NETWORK`)",
  };
}

export function detected(): Text {
  return {
    en: "detected from the repository's files, unless one of `setup` and `verify` is there",
    de: "aus den Dateien des Repositorys erkannt, wenn weder `setup` noch `verify` da ist",
  };
}

export function providersEffort(): Text {
  return { en: "as its provider has it", de: "wie der Anbieter es hat" };
}

export function boundByOperator(asked: number, variable: string): Text {
  return {
    en: `the file says ${asked}, and the operator allows no more (${variable})`,
    de: `die Datei sagt ${asked}, und der Betreiber erlaubt nicht mehr (${variable})`,
  };
}

/** What nothing in a repository, or nothing of AFU-9, is called. */
export function noSuchName(kind: "workflow" | "command", name: string, meant: string | undefined): Text {
  const german = { workflow: "Einen Workflow", command: "Einen Befehl" }[kind];
  const hint = meant === undefined ? inAll("") : didYouMean(meant);
  return {
    en: `there is no ${kind} \`${name}\` here.${hint.en}`,
    de: `${german} \`${name}\` gibt es hier nicht.${hint.de}`,
  };
}

export function roleTooLow(least: Role): Text {
  return {
    en: `it needs the role \`${least}\` at least, and that holds.`,
    de: `nötig ist mindestens die Rolle \`${least}\`, und die gilt.`,
  };
}
