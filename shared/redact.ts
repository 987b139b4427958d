// Takes secrets out of what is kept or shown. It knows the forms of widespread tokens, and the secrets it is told.

const removed = "[removed]";

/** Forms that are secrets whatever stands around them. */
const shapes = [
  // Private keys in PEM, also one whose end was cut off
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(?:[A-Za-z0-9+/=\s\\:,]|-(?!----))*(?:-----END [A-Z0-9 ]*PRIVATE KEY-----)?/g,
  // GitHub
  /\b(?:gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{22,255})\b/g,
  // AWS's key ids. Their secrets have no form of their own.
  /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g,
  // Anthropic and OpenAI
  /\bsk-[A-Za-z0-9_-]{20,255}/g,
  // Signed tokens
  /\beyJ[A-Za-z0-9_-]{5,}\.eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}/g,
];
/** A header as it is written in text; its name and the scheme stay. */
const authorization =
  /\b((?:proxy-)?authorization["']?[ \t]*[:=][ \t]*["']?(?:(?:bearer|basic|token)[ \t]+)?)[^\r\n"']{6,}/gi;
const authorizationKey = /^(?:proxy-)?authorization$/i;

/** A secret that is shorter would be found in texts that have nothing to do with it. */
const shortest = 12;

export type Redact = {
  text(text: string): string;
  /** A value as JSON has it, with all texts in it, also those that are keys, redacted. */
  value(value: unknown): unknown;
};

/** Redacts by form, and these values wherever they stand. Give them as they are used. */
export function createRedact(secrets: (string | undefined)[] = []): Redact {
  const known = [...new Set(secrets.flatMap((secret) => (secret ? waysToWrite(secret) : [])))]
    .filter((secret) => secret.length >= shortest)
    // One that holds another goes first.
    .sort((a, b) => b.length - a.length);

  function text(given: string): string {
    const unknown = known.reduce((rest, secret) => rest.replaceAll(secret, removed), given);
    const shaped = shapes.reduce((rest, shape) => rest.replaceAll(shape, removed), unknown);
    return shaped.replaceAll(authorization, `$1${removed}`);
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
  return { text, value };
}

/** As it is, as JSON and Base64 write it, and the part of a URL or of a header that is the secret. */
function waysToWrite(secret: string): string[] {
  const password = URL.canParse(secret) ? decodeURIComponent(new URL(secret).password) : "";
  const token = secret.replace(/^(bearer|basic|token) +/i, "");
  return [secret, password, token].flatMap((one) => [
    one,
    JSON.stringify(one).slice(1, -1),
    Buffer.from(one).toString("base64").replace(/=+$/, ""),
  ]);
}
