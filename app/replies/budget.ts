import { count, dollars, scopeNames } from "../../shared/budget-wording.ts";
import { inEach, type Language, paragraphs, type Text } from "../../shared/language.ts";
import type { BudgetView } from "../read-budget.ts";

/** What was spent and what may be, and what to type. */
export function budgetTable(view: BudgetView): Text {
  const { execution } = view;
  return paragraphs(
    inEach((language) => tableOf(view, language)),
    {
      en: `Days and months are in UTC. \`/afu9 budget +5\` lets this execution, and this issue, spend 5 USD more (role \`maintain\`). Execution \`${execution}\`.`,
      de: `Tage und Monate zählen in UTC. \`/afu9 budget +5\` lässt diese Ausführung, und dieses Issue, 5 USD mehr ausgeben (Rolle \`maintain\`). Ausführung \`${execution}\`.`,
    },
  );
}

const heads: Text = {
  en: "| budget of | spent | of | tokens | of |",
  de: "| Budget | ausgegeben | von | Tokens | von |",
};

function tableOf({ accounts }: BudgetView, language: Language): string {
  const rows = accounts.map(({ scope, spent, reserved, limit }) =>
    [
      scopeNames[scope][language],
      dollars(spent.usd, language) + (reserved.usd > 0 ? ` (${underWay(reserved.usd)[language]})` : ""),
      dollars(limit.usd, language),
      count(spent.tokens, language),
      count(limit.tokens, language),
    ].join(" | "),
  );
  return [heads[language], "|---|---|---|---|---|", ...rows.map((row) => `| ${row} |`)].join("\n");
}

function underWay(usd: number): Text {
  return {
    en: `and up to ${dollars(usd)} by calls that are under way`,
    de: `und bis zu ${dollars(usd, "de")} durch laufende Aufrufe`,
  };
}

/** What may be spent now, and whether that lets it go on. */
export function budgetRaised(view: BudgetView, before: BudgetView): Text {
  const goesOn = howItGoesOn(before);
  return {
    en: `I may spend ${limitsOf(view, "en")} now. ${goesOn.en}`,
    de: `Ich darf jetzt ${limitsOf(view, "de")} ausgeben. ${goesOn.de}`,
  };
}

function limitsOf({ accounts }: BudgetView, language: Language): string {
  const limits = accounts
    .filter(({ scope }) => scope === "execution" || scope === "issue")
    .map(({ scope, limit, spent }) => {
      const [most, used] = [dollars(limit.usd, language), dollars(spent.usd, language)];
      const name = scopeNames[scope][language];
      return {
        en: `${most} for ${name} (${used} are spent)`,
        de: `${most} für ${name} (davon ${used} ausgegeben)`,
      }[language];
    });
  return new Intl.ListFormat(language, { type: "conjunction" }).format(limits);
}

function howItGoesOn({ status, error }: BudgetView): Text {
  if (status !== "paused")
    return {
      en: "Nothing was paused: I go on as before.",
      de: "Es war nichts angehalten: Ich mache weiter wie bisher.",
    };
  if (error === null)
    return {
      en: "A person paused the execution, so it stays paused. `/afu9 resume` lets it go on.",
      de: "Jemand hat die Ausführung angehalten, und das bleibt so. `/afu9 resume` lässt sie weitergehen.",
    };
  return {
    en: "I go on; `/afu9 status` tells how far I am.",
    de: "Ich mache weiter; `/afu9 status` sagt, wie weit ich bin.",
  };
}
