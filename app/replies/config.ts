// What is told to who asks for a repository's configuration.
import type { EffectiveConfig } from "../../shared/effective-config.ts";
import { inEach, type Language, type Text } from "../../shared/language.ts";
import { repositoryConfigPath } from "../../shared/repository-config.ts";
import { faultList } from "../config-wording.ts";
import type { Doubt } from "../doubtful-config.ts";
import type { ConfigValue } from "../read-config-view.ts";
import { counted, inline } from "./words.ts";

const file = `\`${repositoryConfigPath}\``;

type Links = Partial<Record<"owner" | "repository", string>>;

/** What holds, for people: first what somebody has set, then the defaults. `links` are the pages of the files. */
export function configTable(values: ConfigValue[], links: Links): Text {
  const isSet = ({ source }: ConfigValue) => source !== "default";
  const defaults = values.filter((value) => !isSet(value));
  const number: Text = {
    en: counted(defaults.length, "en", ["default", "defaults"]),
    de: counted(defaults.length, "de", ["Standardwert", "Standardwerte"]),
  };
  return inEach((language) => {
    const folded = `<details><summary>${number[language]}</summary>\n\n${table(defaults, links, language)}\n\n</details>`;
    return `${table(values.filter(isSet), links, language)}\n\n${folded}`;
  });
}

/** What can't be used of the files as they are now. Faults name keys and lines, and stay as they are. */
export function brokenConfig({ of, faults }: EffectiveConfig["broken"][number], holds: string | null): Text {
  const list = faultList(faults);
  const version = holds && `\`${holds.slice(0, 7)}\``;
  const en = version ? `The version before it (${version}) holds.` : "What holds without it, holds.";
  const de = version ? `Die Fassung davor (${version}) gilt.` : "Es gilt, was ohne sie gilt.";
  return {
    en: `⚠️ ${of === "owner" ? "The owner's " : ""}${file} can't be used as it is now. ${en}\n\n${list}`,
    de: `⚠️ ${file} ${of === "owner" ? "des Eigentümers " : ""}kann so, wie es jetzt ist, nicht verwendet werden. ${de}\n\n${list}`,
  };
}

export function withoutEffect(doubts: Doubt[]): Text {
  const list = inEach((language) =>
    faultList(doubts.map(({ line, text }) => ({ line, message: text[language] }))),
  );
  return {
    en: `Something in ${file} has no effect:\n\n${list.en}`,
    de: `Etwas in ${file} bewirkt nichts:\n\n${list.de}`,
  };
}

export function aboutConfig(): Text {
  return {
    en: `Change it in ${file} on the default branch, or for all repositories of the owner in that file of the repository \`.github\`. docs/configuration.md of AFU-9 says what each setting does.`,
    de: `Ändern lässt es sich in ${file} auf dem Standard-Branch, oder für alle Repositorys des Eigentümers in derselben Datei im Repository \`.github\`. docs/configuration.md von AFU-9 sagt, was jede Einstellung bewirkt.`,
  };
}

const head: Text = { en: "| setting | value | from |", de: "| Einstellung | Wert | woher |" };

function table(values: ConfigValue[], links: Links, language: Language): string {
  const rows = values.map(({ key, value, ...origin }) => {
    const from = [fromText(origin, links)[language], origin.note?.[language]].filter(Boolean).join(": ");
    return `| \`${key}\` | ${shown(value)} | ${from} |`.replaceAll("\n", " ");
  });
  return [head[language], "|---|---|---|", ...rows].join("\n");
}

function shown(value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return "–";
  const text = typeof value === "object" ? JSON.stringify(value) : String(value);
  return inline(text).replaceAll("|", "\\|");
}

const names = {
  owner: { en: "the owner's file", de: "Datei des Eigentümers" },
  repository: { en: "this repository's file", de: "Datei dieses Repositorys" },
} satisfies Record<string, Text>;

function fromText({ source, line }: Pick<ConfigValue, "source" | "line">, links: Links): Text {
  if (source === "default") return { en: "default", de: "Standard" };
  if (source === "environment") return { en: "operator", de: "Betreiber" };
  const link = (of: keyof Links) =>
    inEach((language) =>
      links[of] ? `[${names[of][language]}](${links[of]}${line ? `#L${line}` : ""})` : names[of][language],
    );
  if (source !== "owner and repository") return link(source);
  const [owner, repository] = [link("owner"), link("repository")];
  return { en: `${owner.en} and ${repository.en}`, de: `${owner.de} und ${repository.de}` };
}
