// Why what a person asks of an execution can't be done.
import type { Text } from "./language.ts";

/** How an execution stands, as rows say it, in German. */
const states: Record<string, string> = {
  queued: "eingereiht",
  running: "in Arbeit",
  waiting: "wartend",
  paused: "angehalten",
  succeeded: "gelungen",
  failed: "fehlgeschlagen",
  cancelled: "abgebrochen",
};
const german = (status: string) => states[status] ?? status;

/** What is asked, as it reads after "can't be", and in German after "lässt sich". */
const asked = {
  cancel: { en: "It can't be cancelled", de: "Es lässt sich nicht abbrechen" },
  pause: { en: "It can't be paused", de: "Es lässt sich nicht anhalten" },
  resume: { en: "It can't be resumed", de: "Es lässt sich nicht fortsetzen" },
  steer: { en: "It can't be steered", de: "Es lässt sich nicht lenken" },
  retry: { en: "It can't be retried", de: "Es lässt sich nicht noch einmal versuchen" },
  budget: { en: "Its budget can't be raised", de: "Das Budget lässt sich nicht erhöhen" },
} satisfies Record<string, Text>;
type Asked = keyof typeof asked;

export function anotherWorksHere(): Text {
  return {
    en: "Another execution works on this issue now. Cancel that one first, or wait for its end.",
    de: "An diesem Issue arbeitet jetzt eine andere Ausführung. Brechen Sie diese zuerst ab, oder warten Sie ihr Ende ab.",
  };
}

export function noSuchExecution(id: string): Text {
  return { en: `There is no execution ${id}.`, de: `Eine Ausführung ${id} gibt es nicht.` };
}

export function endedAlready(kind: Asked, status: string): Text {
  return {
    en: `${asked[kind].en}: it has ended already (${status}).`,
    de: `${asked[kind].de}: Es ist schon zu Ende (${german(status)}).`,
  };
}

/** A budget is raised before the end; afterwards it takes another try, too. */
export function budgetHasEnded(status: string): Text {
  const { en, de } = endedAlready("budget", status);
  return {
    en: `${en} \`/afu9 retry\` takes up one that has failed.`,
    de: `${de} \`/afu9 retry\` nimmt eine fehlgeschlagene Ausführung wieder auf.`,
  };
}

export function isBeingCancelled(kind: Asked): Text {
  return {
    en: `${asked[kind].en}: it is being cancelled.`,
    de: `${asked[kind].de}: Es wird gerade abgebrochen.`,
  };
}

export function isPausedAlready(): Text {
  return {
    en: "It is paused already. `resume` lets it go on.",
    de: "Es ist schon angehalten. `resume` lässt es weitergehen.",
  };
}

export function isNotPaused(status: string): Text {
  return {
    en: `${asked.resume.en}: it is not paused, it is ${status}.`,
    de: `${asked.resume.de}: Es ist nicht angehalten, sondern ${german(status)}.`,
  };
}

export function noMessage(): Text {
  return {
    en: "Expected a message to the agent after `steer`, got none.",
    de: "Hinter `steer` gehört eine Nachricht an den Agenten, da steht aber keine.",
  };
}

export function nothingToRetry(): Text {
  return {
    en: "There is nothing to retry: it has succeeded.",
    de: "Es gibt nichts noch einmal zu versuchen: Es ist gelungen.",
  };
}

export function hasNotEnded(status: string): Text {
  return {
    en: `${asked.retry.en}: it has not ended, it is ${status}.`,
    de: `${asked.retry.de}: Es ist nicht zu Ende, sondern ${german(status)}.`,
  };
}

export function noSuchStep(step: string, steps: string[]): Text {
  const known = steps.map((id) => `\`${id}\``).join(", ");
  return {
    en: `There is no step \`${step}\`. The steps are ${known}.`,
    de: `Einen Schritt \`${step}\` gibt es nicht. Die Schritte sind ${known}.`,
  };
}

export function stepsBeforeHaveNotRun(step: string): Text {
  return {
    en: `It can't be retried from \`${step}\`: the steps before it have not run.`,
    de: `Ab \`${step}\` lässt es sich nicht noch einmal versuchen: Die Schritte davor sind nicht gelaufen.`,
  };
}
