import { dollars } from "../../shared/budget-wording.ts";
import { inAll, paragraphs, type Text } from "../../shared/language.ts";
import type { Status } from "../read-status.ts";
import { counted, inline } from "./words.ts";

/** How an execution stands, what it cost, and what to type next. */
export function statusOf(status: Status): Text {
  const { error } = status;
  return paragraphs(
    stateOf(status),
    error !== null && { en: `Why: ${inline(error)}`, de: `Warum: ${inline(error)}` },
    costOf(status),
    nextOf(status),
  );
}

function stateOf({ status, step }: Status): Text {
  const { en, de } = states[status] ?? inAll(status);
  if (!step) return { en: `**${en}**`, de: `**${de}**` };
  return {
    en: `**${en}**, at step ${step.number} of ${step.of}: ${inline(step.name)}`,
    de: `**${de}**, bei Schritt ${step.number} von ${step.of}: ${inline(step.name)}`,
  };
}

const states: Record<string, Text> = {
  queued: { en: "It is about to begin", de: "Es beginnt gleich" },
  running: { en: "It is at work", de: "Es läuft" },
  waiting: { en: "It waits", de: "Es wartet" },
  paused: { en: "It is paused", de: "Es ist angehalten" },
  succeeded: { en: "It is done", de: "Es ist fertig" },
  failed: { en: "It has failed", de: "Es ist fehlgeschlagen" },
  cancelled: { en: "It was cancelled", de: "Es wurde abgebrochen" },
};

function costOf({ id, workflow, turns, costUsd }: Status): Text {
  const name = inline(workflow);
  return {
    en: `Workflow ${name}, ${counted(turns, "en", ["turn", "turns"])}, ${dollars(costUsd, "en", 4)}, execution \`${id}\``,
    de: `Workflow ${name}, ${counted(turns, "de", ["Runde", "Runden"])}, ${dollars(costUsd, "de", 4)}, Ausführung \`${id}\``,
  };
}

function nextOf({ status, asked }: Status): Text {
  const { en, de } = asked ? decide(asked) : (next[status] ?? inAll("`/afu9 help`"));
  return { en: `Next: ${en}`, de: `Als Nächstes: ${de}` };
}

function decide(asked: string): Text {
  return {
    en: `\`/afu9 approve ${asked}\` or \`/afu9 reject <reason>\``,
    de: `\`/afu9 approve ${asked}\` oder \`/afu9 reject <reason>\``,
  };
}

const orWait: Text = { en: "`/afu9 cancel`, or wait", de: "`/afu9 cancel`, oder warten" };
const again: Text = {
  en: "`/afu9 retry`, or `/afu9 run <instructions>`",
  de: "`/afu9 retry`, oder `/afu9 run <instructions>`",
};

const next: Record<string, Text> = {
  queued: orWait,
  running: {
    en: "`/afu9 steer <text>`, `/afu9 pause` or `/afu9 cancel`, or wait",
    de: "`/afu9 steer <text>`, `/afu9 pause` oder `/afu9 cancel`, oder warten",
  },
  waiting: orWait,
  paused: {
    en: "`/afu9 resume` or `/afu9 cancel`",
    de: "`/afu9 resume` oder `/afu9 cancel`",
  },
  succeeded: {
    en: "review the pull request, or `/afu9 run <instructions>`",
    de: "den Pull Request prüfen, oder `/afu9 run <instructions>`",
  },
  failed: again,
  cancelled: again,
};
