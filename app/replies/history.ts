// What was done on an issue or a pull request, and what was not.
import type { Text } from "../../shared/language.ts";
import type { TriggerDecision } from "../policy/decisions.ts";
import { inline } from "./words.ts";

export function nothingHasRun(): Text {
  return {
    en: "Nothing has run here yet. `/afu9 run` on an issue starts it.",
    de: "Hier ist noch nichts gelaufen. `/afu9 run` in einem Issue startet es.",
  };
}

/** What there is to say about a place where nothing was started, and what would start something there. */
export function nothingWasStarted({ labels, commands }: { labels: string[]; commands: string[] }): Text {
  const en = "I have done nothing here: nobody who may has started me.";
  const de = "Ich habe hier nichts getan: Niemand, der es darf, hat mich gestartet.";
  const named = commands.filter((command) => command !== "why");
  if (labels.length + named.length === 0)
    return { en: `${en} Try \`/afu9 help\`.`, de: `${de} \`/afu9 help\` zeigt, was es gibt.` };
  const ways = (label: string, comment: string) =>
    list([
      ...labels.map((name) => `${label} ${inline(name)}`),
      ...named.map((name) => `\`/afu9 ${name}\` ${comment}`),
    ]);
  return {
    en: `${en} This would:\n\n${ways("the label", "in a comment")}`,
    de: `${de} Das geht so:\n\n${ways("das Label", "in einem Kommentar")}`,
  };
}

/** Why nothing was started lately, the newest first. The reasons are as they were written down. */
export function refusedLately(decisions: TriggerDecision[]): Text {
  const lines = (by: string) =>
    decisions.map(({ createdAt, wish, actor, reason }) => {
      const time = createdAt.toISOString().slice(0, 16).replace("T", " ");
      return `${time} UTC, ${inline(wish)} ${by} ${inline(actor)}: ${reason.replace(/\s+/g, " ")}`;
    });
  return {
    en: `Not done here lately:\n\n${list(lines("by"))}`,
    de: `Hier zuletzt nicht getan:\n\n${list(lines("von"))}`,
  };
}

function list(lines: string[]): string {
  return lines.map((line) => `- ${line}`).join("\n");
}
