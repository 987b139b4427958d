// What is said to who decides on what an execution asks for.
import type { Text } from "../../shared/language.ts";

type Decision = "approved" | "rejected";

export function decided(decision: Decision, content: string): Text {
  if (decision === "rejected")
    return {
      en: `Rejected: \`${content}\`. \`/afu9 retry\` tries it again once I have ended.`,
      de: `Abgelehnt: \`${content}\`. \`/afu9 retry\` versucht es noch einmal, sobald die Ausführung zu Ende ist.`,
    };
  return {
    en: `Approved: \`${content}\`. I go on; \`/afu9 status\` tells how far I am.`,
    de: `Angenommen: \`${content}\`. Ich mache weiter; \`/afu9 status\` sagt, wie weit ich bin.`,
  };
}

export function nothingToDecide(): Text {
  return {
    en: "Nothing waits for a decision here. `/afu9 status` tells how it stands.",
    de: "Hier wartet nichts auf eine Entscheidung. `/afu9 status` sagt, wie es steht.",
  };
}

export function alreadyDecided(decision: Decision, content: string, who: string): Text {
  const german = { approved: "angenommen", rejected: "abgelehnt" }[decision];
  return {
    en: `Nothing waits for a decision here any more: \`${content}\` was ${decision} by ${who}. \`/afu9 status\` tells how it stands.`,
    de: `Hier wartet nichts mehr auf eine Entscheidung: \`${content}\` wurde von ${who} ${german}. \`/afu9 status\` sagt, wie es steht.`,
  };
}

export function contentChanged(asked: string): Text {
  return {
    en: `That content is not asked any more, it has changed since. Read what is asked now, then type \`/afu9 approve ${asked}\`.`,
    de: `Nach diesem Inhalt wird nicht mehr gefragt, er hat sich seitdem geändert. Lesen Sie, wonach jetzt gefragt wird, und schreiben Sie dann \`/afu9 approve ${asked}\`.`,
  };
}

export function nameTheContent(asked: string): Text {
  return {
    en: `More than one content was asked for here, so I need to know which one you mean. Read what is asked now, then type \`/afu9 approve ${asked}\`.`,
    de: `Hier wurde nach mehr als einem Inhalt gefragt; ich muss also wissen, welchen Sie meinen. Lesen Sie, wonach jetzt gefragt wird, und schreiben Sie dann \`/afu9 approve ${asked}\`.`,
  };
}
