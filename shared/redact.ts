// Takes secrets out of what is kept, shown or sent: the secrets it is told, in whole or in pieces and in many ways to
// write them, and what has the form of a widespread token. docs/security.md says what it finds and what it does not.
import { createFinder } from "./secrets/find-secrets.ts";
import { formsOf, secretParts } from "./secrets/forms.ts";
import { withoutShapes } from "./secrets/shapes.ts";
import { isRandom, pieceLength } from "./secrets/telling.ts";

const removed = "[removed]";
const authorizationKey = /^(?:proxy-)?authorization$/i;

/** A phrase of words that is shorter would be found in texts that have nothing to do with it. */
const shortestPhrase = 12;

export type Redact = {
  text(text: string): string;
  /** A value as JSON has it, with all texts in it, also those that are keys, redacted. */
  value(value: unknown): unknown;
  /** Whether a value holds one of the secrets it was told. For what must leave as it is, or not at all. */
  holdsSecret(value: unknown): boolean;
};

/** Redacts by form, and these settings wherever they stand. Give them as they are used: of an address only the password counts. */
export function createRedact(settings: (string | undefined)[] = []): Redact {
  const secrets = new Set(settings.flatMap((setting) => (setting ? secretParts(setting) : [])));
  const find = createFinder([...secrets].filter(isLongEnough).flatMap(formsOf));

  function text(given: string): string {
    if (given.length < pieceLength) return given;
    let [known, end] = ["", 0];
    for (const range of find(given)) {
      known += given.slice(end, range.start) + removed;
      end = range.end;
    }
    return withoutShapes(known + given.slice(end), removed);
  }
  function value(given: unknown): unknown {
    if (typeof given === "string") return text(given);
    if (Array.isArray(given)) return given.map(value);
    if (given === null || typeof given !== "object") return given;
    return Object.fromEntries(
      Object.entries(given).map(([key, item]) =>
        authorizationKey.test(key) && typeof item === "string" ? [key, removed] : [text(key), value(item)],
      ),
    );
  }
  function holdsSecret(given: unknown): boolean {
    if (typeof given === "string") return find(given).length > 0;
    if (given === null || typeof given !== "object") return false;
    return Object.entries(given).some((entry) => entry.some(holdsSecret));
  }
  return { text, value, holdsSecret };
}

function isLongEnough(secret: string): boolean {
  return secret.length >= shortestPhrase || (secret.length >= pieceLength && isRandom(secret));
}
