// Who may not do what, and who may.
import type { Text } from "../../shared/language.ts";
import type { Role } from "../../shared/role.ts";
import { inline } from "./words.ts";

/** The wish reads after "I can't … for you" in English, and before "kann ich so nicht" in German. */
export function refusedForRole(wish: Text, needed: Role, actual: Role): Text {
  return {
    en: `I can't ${wish.en} for you: that needs the role \`${needed}\` in this repository, and yours is \`${actual}\`. Ask somebody who has it.`,
    de: `${wish.de} kann ich so nicht: Dafür ist in diesem Repository die Rolle \`${needed}\` nötig, und Ihre ist \`${actual}\`. Bitten Sie jemanden darum, der sie hat.`,
  };
}

export const wishes = {
  startWorkflow: (name: string): Text => ({
    en: `start \`${name}\``,
    de: `\`${name}\` starten`,
  }),
  startOnLabel: (label: string): Text => ({
    en: `start on the label ${inline(label)}`,
    de: `Auf das Label ${inline(label)} hin starten`,
  }),
  startOnAssignment: {
    en: "start because I was assigned",
    de: "Auf eine Zuweisung hin starten",
  } satisfies Text,
  letDecide: { en: "let you decide this", de: "Sie darüber entscheiden lassen" } satisfies Text,
  raiseBudget: { en: "raise its budget", de: "Das Budget erhöhen" } satisfies Text,
};

/** A click has no line that could be quoted. */
export function clickRefused(login: string, reason: Text): Text {
  return {
    en: `@${login} clicked a button of mine here. ${reason.en}`,
    de: `@${login} hat hier auf eine meiner Schaltflächen geklickt. ${reason.de}`,
  };
}

export function notForBots(login: string): Text {
  return {
    en: `${inline(login)} is a bot, and bots start nothing here unless AFU-9's operator lets them in (AFU9_ALLOWED_BOTS). A person can write the same.`,
    de: `${inline(login)} ist ein Bot, und Bots starten hier nichts, wenn der Betreiber von AFU-9 sie nicht zulässt (AFU9_ALLOWED_BOTS). Ein Mensch kann dasselbe schreiben.`,
  };
}

export function unknownApp(name: string): Text {
  const app = inline(name || "?");
  return {
    en: `This was written in a person's name by the App ${app}, and I can't tell whether that person knows. Write it yourself in a new comment, or ask AFU-9's operator to let the App in (AFU9_ALLOWED_APPS).`,
    de: `Das hat die App ${app} im Namen eines Menschen geschrieben, und ich kann nicht erkennen, ob er davon weiß. Schreiben Sie es selbst in einem neuen Kommentar, oder bitten Sie den Betreiber von AFU-9, die App zuzulassen (AFU9_ALLOWED_APPS).`,
  };
}

export function notTheRequester(): Text {
  return {
    en: "You started this, and somebody else has to decide it. Ask them to type `/afu9 approve` or `/afu9 reject`.",
    de: "Sie haben das gestartet, und entscheiden muss es jemand anderes. Bitten Sie darum, dass jemand `/afu9 approve` oder `/afu9 reject` schreibt.",
  };
}

export function notInTeam(team: string): Text {
  return {
    en: `Only members of the team \`${team}\` decide this. Ask one of them to type \`/afu9 approve\` or \`/afu9 reject\`.`,
    de: `Das entscheiden nur Mitglieder des Teams \`${team}\`. Bitten Sie eines davon, \`/afu9 approve\` oder \`/afu9 reject\` zu schreiben.`,
  };
}

export function couldNotAskWho(why: string): Text {
  return {
    en: `I could not ask GitHub whether you may decide this, so nothing is decided: ${inline(why)}. Try it again. For a team the App needs the permission to read the organisation's members.`,
    de: `Ich konnte GitHub nicht fragen, ob Sie das entscheiden dürfen; entschieden ist also nichts: ${inline(why)}. Versuchen Sie es noch einmal. Für ein Team braucht die App das Recht, die Mitglieder der Organisation zu lesen.`,
  };
}

export function unreadableRules(): Text {
  return {
    en: "I can't read the rules of who may decide this, so nothing is decided. `/afu9 cancel`, then `/afu9 run`.",
    de: "Ich kann die Regeln nicht lesen, wer das entscheiden darf; entschieden ist also nichts. `/afu9 cancel`, dann `/afu9 run`.",
  };
}
