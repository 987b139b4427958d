import { stripVTControlCharacters } from "node:util";

/** Text of a model, an issue or a program, made fit for one line of a terminal. */
export function oneLine(text: string, limit: number): string {
  const plain = plainText(text).replaceAll(/\s+/g, " ").trim();
  const characters = [...plain];
  return characters.length <= limit ? plain : `${characters.slice(0, limit - 1).join("")}…`;
}

/** Without anything that a terminal would act on. */
export function plainText(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/[^\P{Cc}\t\n]|\p{Bidi_Control}/gu, "");
}

export function duration(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.round(milliseconds)} ms`;
  if (milliseconds < 60_000) return `${(milliseconds / 1_000).toFixed(1)} s`;
  return `${Math.floor(milliseconds / 60_000)} min ${Math.round((milliseconds % 60_000) / 1_000)} s`;
}

export function plural(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
