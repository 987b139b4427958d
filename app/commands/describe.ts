// How commands are shown to people, in help and in docs/commands.md.
import { inEach, type Language, paragraphs, type Text } from "../../shared/language.ts";
import { placeNames } from "../replies/words.ts";
import { type Command, usageOf } from "./command.ts";

type RoleOf = (command: Command) => string;

const heads: Text = {
  en: "| you type | what happens | role needed |",
  de: "| Sie schreiben | was geschieht | nötige Rolle |",
};

/** A row for each command. */
export function commandTable(commands: Command[], roleOf: RoleOf): Text {
  const rows = (language: Language) =>
    commands.map((command) => {
      const summary = command.summary[language].replaceAll("|", "\\|");
      return `| \`${usageOf(command)}\` | ${summary} | ${roleOf(command)} |`;
    });
  return inEach((language) => [heads[language], "|---|---|---|", ...rows(language)].join("\n"));
}

const goesOn: Text = {
  en: " What it takes may go on in the lines below, up to the next command.",
  de: " Was dazugehört, darf in den Zeilen darunter weitergehen, bis zum nächsten Befehl.",
};

/** All there is to say of one command, below its usage. */
export function describe(
  { summary, details, places = ["issue", "pull-request"], text }: Command,
  role: string,
): Text {
  const where = inEach((language) => placeNames(places, language));
  const more = inEach((language) => (text ? goesOn[language] : ""));
  return paragraphs(summary, details, {
    en: `Works on ${where.en}, for who has the role \`${role}\`.${more.en}`,
    de: `Geht bei ${where.de}, für alle mit der Rolle \`${role}\`.${more.de}`,
  });
}
