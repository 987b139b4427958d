// What is said about commands: what there are, and how one is typed.
import { inEach, type Text } from "../../shared/language.ts";
import type { Place } from "../../shared/workflow-starts.ts";
import { counted, inline, placeName, shortened } from "./words.ts";

export function helpFooter(): Text {
  return {
    en: "A command stands on a line of its own; several in one comment are done in their order. Mentioning me at the beginning of a line does the same. `/afu9 help <command>` tells more.",
    de: "Ein Befehl steht in einer eigenen Zeile; mehrere in einem Kommentar werden der Reihe nach ausgeführt. Mich am Anfang einer Zeile zu erwähnen, bewirkt dasselbe. `/afu9 help <command>` sagt mehr.",
  };
}

const somewhere = {
  issue: { en: "an issue", de: "einem Issue" },
  "pull-request": { en: "a pull request", de: "einem Pull Request" },
};

export function theirHeading(): Text {
  return { en: "### Of this repository's workflows", de: "### Von den Workflows dieses Repositorys" };
}

export function wrongPlace(command: string, places: Place[]): Text {
  const where = inEach((language) =>
    new Intl.ListFormat(language, { type: "disjunction" }).format(
      places.map((place) => somewhere[place][language]),
    ),
  );
  return {
    en: `\`/afu9 ${command}\` works on ${where.en}. Write it there instead.`,
    de: `\`/afu9 ${command}\` gibt es nur in ${where.de}. Schreiben Sie es stattdessen dort.`,
  };
}

/** What a command does that starts a workflow which does not say so itself. */
export function runsHere(workflow: string, places: Place[]): Text {
  return {
    en: `Run the workflow ${inline(workflow)} on this ${places.map((place) => placeName(place, "en")).join(" or ")}.`,
    de: `Den Workflow ${inline(workflow)} hier ausführen.`,
  };
}

/** `meant` is a command that is called nearly so. */
export function unknownCommand(name: string, meant?: string): Text {
  const typed = `\`/afu9 ${shortened(name).replaceAll("`", "'")}\``;
  const hint = meant === undefined ? { en: "", de: "" } : didYouMean(meant);
  return {
    en: `There is no ${typed}.${hint.en} Try \`/afu9 help\`.`,
    de: `${typed} gibt es nicht.${hint.de} \`/afu9 help\` zeigt, was es gibt.`,
  };
}

/** As a sentence that follows another one. */
export function didYouMean(meant: string): Text {
  return { en: ` Did you mean \`${meant}\`?`, de: ` Meinten Sie \`${meant}\`?` };
}

/** What is wrong with what stands after a command's name, as a clause. */
export function misread(fault: Text): Text {
  return { en: `I can't read that: ${fault.en}.`, de: `Das kann ich nicht lesen: ${fault.de}.` };
}

export function tooLong(most: number, characters: number): Text {
  return {
    en: `expected ${most} characters at most, got ${characters}`,
    de: `erwartet sind höchstens ${most} Zeichen, es sind ${characters}`,
  };
}

/** `expected` is how many words the command takes. */
export function tooManyWords(expected: number, words: string[]): Text {
  const got = inline(words.join(", "));
  const en = expected === 0 ? "nothing" : counted(expected, "en", ["word", "words"]);
  const de = expected === 0 ? "nichts" : counted(expected, "de", ["Wort", "Wörter"]);
  return {
    en: `expected ${en} after it, got ${got}`,
    de: `dahinter gehört ${de}, da steht aber ${got}`,
  };
}

export function missing(word: string): Text {
  return { en: `\`${word}\` is missing`, de: `\`${word}\` fehlt` };
}

export function unknownOption(option: string): Text {
  return { en: `there is no option ${inline(option)}`, de: `die Option ${inline(option)} gibt es nicht` };
}

export function withUsage(fault: Text, name: string, usage: string): Text {
  return {
    en: `${fault.en}\n\nUsage: \`${usage}\`. \`/afu9 help ${name}\` tells more.`,
    de: `${fault.de}\n\nSo geht es: \`${usage}\`. \`/afu9 help ${name}\` sagt mehr.`,
  };
}

export function notAHash(word: string): Text {
  return {
    en: `Expected nothing after \`approve\`, or the first 8 characters of the content's hash, got ${inline(word)}.`,
    de: `Hinter \`approve\` gehört nichts oder der Anfang vom Hash des Inhalts (8 Zeichen), da steht aber ${inline(word)}.`,
  };
}

export function notASum(word: string): Text {
  return {
    en: `Expected how many US dollars to add, such as \`+5\` or \`+2.50\`, got ${inline(word)}.`,
    de: `Erwartet wird, wie viele US-Dollar hinzukommen, etwa \`+5\` oder \`+2.50\`, da steht aber ${inline(word)}.`,
  };
}

/** Of several commands in one comment. */
export function oneStart(): Text {
  return {
    en: "One comment starts one piece of work, and this one has started another. Write this in a comment of its own.",
    de: "Ein Kommentar startet eine Arbeit, und dieser hat schon eine andere gestartet. Schreiben Sie das in einen eigenen Kommentar.",
  };
}

export function notDone(most: number, all: number): Text {
  return {
    en: `I do ${most} commands of one comment, and there are ${all}. Write the others again in another comment.`,
    de: `Ich führe ${most} Befehle eines Kommentars aus, und hier sind es ${all}. Schreiben Sie die übrigen noch einmal in einen anderen Kommentar.`,
  };
}

export function onlyStarts(): Text {
  return {
    en: "A workflow may ask only for what starts something, such as `run`. Type this one yourself.",
    de: "Ein Workflow darf nur verlangen, was etwas startet, etwa `run`. Schreiben Sie diesen Befehl selbst.",
  };
}

export function notInWorkflows(command: string): Text {
  return {
    en: `No workflow is started by \`/afu9 ${command}\`: AFU-9's operator has changed \`workflows/\`. \`/afu9 help\` lists what there is.`,
    de: `Kein Workflow wird durch \`/afu9 ${command}\` gestartet: Der Betreiber von AFU-9 hat \`workflows/\` geändert. \`/afu9 help\` zeigt, was es gibt.`,
  };
}

export function willSteer(): Text {
  return {
    en: "I'll tell the agent at its next turn.",
    de: "Ich sage es dem Agenten, sobald er wieder an der Reihe ist.",
  };
}
