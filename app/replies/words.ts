// What all answers are made of. Every answer is in each language, and says what to type next.
import { inEach, type Language, type Text } from "../../shared/language.ts";
import type { Place } from "../../shared/workflow-starts.ts";

/** What the places are called where a command may be written, one and several. */
const placeWords: Record<Place, Record<Language, [one: string, several: string]>> = {
  issue: { en: ["issue", "issues"], de: ["Issue", "Issues"] },
  "pull-request": { en: ["pull request", "pull requests"], de: ["Pull Request", "Pull Requests"] },
};

export function placeName(place: Place, language: Language): string {
  return placeWords[place][language][0];
}

/** Several of each. */
export function placeNames(places: Place[], language: Language): string {
  const names = places.map((place) => placeWords[place][language][1]);
  return new Intl.ListFormat(language, { type: "conjunction" }).format(names);
}

/** A number with its noun, whose two forms are all that English and German have. */
export function counted(
  number: number,
  language: Language,
  [one, several]: [one: string, several: string],
): string {
  const isOne = new Intl.PluralRules(language).select(number) === "one";
  return `${new Intl.NumberFormat(language).format(number)} ${isOne ? one : several}`;
}

/** An answer below the line that it answers. */
export function quoted(line: string, answer: Text): Text {
  return inEach((language) => `> ${shortened(line)}\n\n${answer[language]}`);
}

/** A text of others on one line, as code: it can't mention people or change how the answer looks. */
export function inline(text: string): string {
  return `\`${shortened(text.replace(/\s+/g, " ").trim()).replaceAll("`", "'")}\``;
}

/** A comment may be 65,536 characters in one line, and the answer to it no longer than that. */
export function shortened(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200).toWellFormed()}…`;
}
