// Why something is not started.
import type { Text } from "../../shared/language.ts";
import type { Place } from "../../shared/workflow-starts.ts";
import { counted, inline, placeName } from "./words.ts";

const thisPlace: Record<Place, string> = { issue: "Dieses Issue", "pull-request": "Dieser Pull Request" };
const onThis: Record<Place, string> = { issue: "diesem Issue", "pull-request": "diesem Pull Request" };

export function closed(place: Place): Text {
  return {
    en: `This ${placeName(place, "en")} is closed. Reopen it, then write this again.`,
    de: `${thisPlace[place]} ist geschlossen. Nach dem Wiederöffnen können Sie das noch einmal schreiben.`,
  };
}

export function alreadyRunning(execution: string, place: Place): Text {
  return {
    en: `I'm already working on this ${placeName(place, "en")} (execution \`${execution}\`). The comment above shows how far it is.`,
    de: `Ich arbeite schon an ${onThis[place]} (Ausführung \`${execution}\`). Der Kommentar weiter oben zeigt, wie weit ich bin.`,
  };
}

export function outOfRounds(run: string, rounds: number): Text {
  return {
    en: `${inline(run)} has failed again after I tried ${counted(rounds, "en", ["time", "times"])}, so I leave it to you. Push to this branch, and I look at the next failure again; \`/afu9 fix-ci\`, with what you know after it, has me try once more.`,
    de: `${inline(run)} ist wieder fehlgeschlagen, nachdem ich es ${rounds}-mal versucht habe; ich überlasse es nun Ihnen. Nach einem Push auf diesen Branch sehe ich mir den nächsten Fehlschlag wieder an; \`/afu9 fix-ci\`, mit dem, was Sie darüber wissen, lässt mich es noch einmal versuchen.`,
  };
}

export function switchedOff(workflow: string): Text {
  return {
    en: `The workflow ${inline(workflow)} is switched off in this repository. \`/afu9 config\` tells where; \`workflows\` in \`.github/afu9.yml\` switches it on.`,
    de: `Der Workflow ${inline(workflow)} ist in diesem Repository abgeschaltet. \`/afu9 config\` zeigt, wo; \`workflows\` in \`.github/afu9.yml\` schaltet ihn ein.`,
  };
}

export function onHold(label: string): Text {
  return {
    en: `Nothing starts or goes on here while the label ${inline(label)} is set. Remove it, then ask again.`,
    de: `Hier beginnt nichts und geht nichts weiter, solange das Label ${inline(label)} gesetzt ist. Entfernen Sie es und fragen Sie dann noch einmal.`,
  };
}

export function heldMeanwhile(): Text {
  return {
    en: "This was put on hold before I came to start it. Remove the label that holds it, then ask again.",
    de: "Das wurde angehalten, bevor ich dazu kam, es zu beginnen. Entfernen Sie das Label, das es anhält, und fragen Sie dann noch einmal.",
  };
}

/** Whose limit is reached, how many it lets start in an hour, and when the next may. */
export function tooMany(whose: "person" | "repository", limit: number, again: Date): Text {
  const variable = { person: "AFU9_RATE_USER_HOUR", repository: "AFU9_RATE_REPOSITORY_HOUR" }[whose];
  const en = { person: "You have", repository: "This repository has" }[whose];
  const de = { person: "Sie haben", repository: "Dieses Repository hat" }[whose];
  const time = again.toISOString().slice(11, 16);
  return {
    en: `${en} started ${counted(limit, "en", ["execution", "executions"])} in the last hour, and more are not allowed (${variable}). Ask again after ${time} UTC.`,
    de: `${de} in der letzten Stunde ${counted(limit, "de", ["Ausführung", "Ausführungen"])} gestartet, und mehr sind nicht erlaubt (${variable}). Fragen Sie nach ${time} Uhr (UTC) noch einmal.`,
  };
}

export function tooDeep(depth: number): Text {
  return {
    en: `I don't start here by myself any more: ${depth} executions led to this issue, each by opening an issue for the next, and that looks like a circle. If it is none, write a new issue in your own words and start there.`,
    de: `Hier beginne ich nicht mehr von selbst: ${depth} Ausführungen haben zu diesem Issue geführt, jede, indem sie ein Issue für die nächste eröffnet hat, und das sieht nach einem Kreis aus. Wenn es keiner ist, schreiben Sie ein neues Issue in Ihren eigenen Worten und starten Sie dort.`,
  };
}

export function assignedPull(): Text {
  return {
    en: "Assigned to a pull request I do nothing. `/afu9 help` lists what I can do there.",
    de: "Einem Pull Request zugewiesen tue ich nichts. `/afu9 help` zeigt, was ich dort kann.",
  };
}

export function stateLabel(label: string): Text {
  return {
    en: `The label ${inline(label)} shows how it stands, and starts nothing.`,
    de: `Das Label ${inline(label)} zeigt, wie es steht, und startet nichts.`,
  };
}

export function editedCommand(): Text {
  return {
    en: "A command counts as it was written first. Write it in a new comment.",
    de: "Ein Befehl gilt, wie er zuerst geschrieben wurde. Schreiben Sie ihn in einen neuen Kommentar.",
  };
}
