// What there is to say of pull requests from forks, and of adopting them.
import type { Text } from "../../shared/language.ts";
import { inline } from "./words.ts";

export function forksAreOnlyRead(command: string): Text {
  return {
    en: `This pull request comes from a fork, and forks I only read: \`/afu9 ${command}\` would push to it, and a GitHub App can't. Who has the role \`maintain\` can type \`/afu9 adopt\`: that takes its commits over to a branch here, where it works.`,
    de: `Dieser Pull Request kommt aus einem Fork, und Forks lese ich nur: \`/afu9 ${command}\` würde dorthin schreiben, und das kann eine GitHub App nicht. Wer die Rolle \`maintain\` hat, kann \`/afu9 adopt\` schreiben: Das übernimmt die Commits auf einen Branch hier, und dort geht es.`,
  };
}

export function notAFork(): Text {
  return {
    en: "This pull request comes from this repository, so there is nothing to adopt: all commands work here. `/afu9 help` lists them.",
    de: "Dieser Pull Request kommt aus diesem Repository, es gibt also nichts zu übernehmen: Alle Befehle gehen hier. `/afu9 help` zeigt sie.",
  };
}

/** Of what was to be adopted: the head is another commit than the one that was named. */
export function headIsAnother(head: string, named: string): Text {
  return {
    en: `The head of this pull request is not ${inline(named)}, so I adopted nothing. It is \`${head}\` now. ${readIt(head).en}`,
    de: `Der letzte Commit dieses Pull Requests ist nicht ${inline(named)}, ich habe also nichts übernommen. Er ist jetzt \`${head}\`. ${readIt(head).de}`,
  };
}

/** The same when no commit was named. */
export function headMayHaveMoved(head: string): Text {
  return {
    en: `Somebody pushed to the fork since you wrote this, so I adopted nothing. The head of this pull request is \`${head}\` now. ${readIt(head).en}`,
    de: `Seit Sie das geschrieben haben, gab es einen Push in den Fork, ich habe also nichts übernommen. Der letzte Commit dieses Pull Requests ist jetzt \`${head}\`. ${readIt(head).de}`,
  };
}

/** When the time tells nothing of what somebody has seen. */
export function nameTheCommit(head: string): Text {
  return {
    en: `I can't tell which commit you mean. The head of this pull request is \`${head}\` now. ${readIt(head).en}`,
    de: `Ich kann nicht erkennen, welchen Commit Sie meinen. Der letzte dieses Pull Requests ist jetzt \`${head}\`. ${readIt(head).de}`,
  };
}

function readIt(head: string): Text {
  const command = `\`/afu9 adopt ${head.slice(0, 7)}\``;
  return {
    en: `Read it, then type ${command}.`,
    de: `Lesen Sie ihn, und schreiben Sie dann ${command}.`,
  };
}

export function notACommit(word: string): Text {
  return {
    en: `Expected nothing after \`adopt\`, or a commit by its first 7 to 40 characters, got ${inline(word)}.`,
    de: `Nach \`adopt\` erwarte ich nichts, oder einen Commit mit seinen ersten 7 bis 40 Zeichen, nicht ${inline(word)}.`,
  };
}
