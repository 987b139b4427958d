import { outgoingText } from "./outgoing-text.ts";

/** These are no Markdown: the name of a file, code that is applied as it is, and an id. */
const asTheyAre = ["path", "suggestion", "thread"];

/** What a model answered, each text in it as it may be posted. */
export function publishedValue(value: unknown): unknown {
  if (typeof value === "string") return outgoingText(value);
  if (Array.isArray(value)) return value.map(publishedValue);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, asTheyAre.includes(key) ? item : publishedValue(item)]),
  );
}
