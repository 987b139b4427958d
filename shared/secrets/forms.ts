// What of a setting is the secret, and in which ways it may be written.

/** One way to write a secret. */
export type Form = {
  text: string;
  secret: string;
  /** For each character of `text`, where in `secret` the one stands that it writes. */
  places: number[];
  /** The shortest run of `text` that is looked for: 8 characters, more where they would be too little of the secret. */
  shortest: number;
};

/** What is the same in many secrets. */
const prefix = /^(?:sk-ant-(?:api|admin)\d\d-|sk-(?:proj-|svcacct-)?|github_pat_|gh[a-z]_)/;

/** The parts of a setting that nobody may know: of an address its password, of a key in PEM its body, else all of it. */
export function secretParts(setting: string): string[] {
  const address = setting.match(/^[a-z][a-z0-9+.-]*:\/\/(?:[^:@/]*:(.+)@)?/is);
  if (address) return address[1] ? [address[1], decoded(address[1])] : [];
  if (setting.includes("-----BEGIN "))
    return [setting.replace(/-----[A-Z0-9 ]*-----|\\n|^[\w-]+: .*$|\s/gm, "")];
  const [, scheme, credentials] = setting.match(/^(bearer|basic|token) +(.*)$/is) ?? [];
  if (scheme?.toLowerCase() === "basic" && credentials)
    return [
      credentials,
      Buffer.from(credentials, "base64")
        .toString()
        .replace(/^[^:]*:/, ""),
    ];
  return [(credentials ?? setting).replace(prefix, "")];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** All ways in which a secret is looked for, each of them also backwards. */
export function formsOf(secret: string): Form[] {
  const forms = [secret, reversed(secret)].flatMap(written);
  const all = [...forms, ...forms.map(backwards)];
  return [...new Map(all.map((form) => [form.text, form])).values()];
}

function written(secret: string): Form[] {
  const characters = [...secret];
  const each = (encode: (character: string) => string, shortest: number): Form => {
    const parts = characters.map(encode);
    const places = parts.flatMap((part, at) => Array.from(part, () => at));
    return { text: parts.join(""), secret, places, shortest };
  };
  return [
    each((one) => one, 8),
    each(inJson, 8),
    each((one) => inJson(inJson(one)), 8),
    each(encodeURIComponent, 8),
    each((one) => encodeURIComponent(one).replace(/%../g, (code) => code.toLowerCase()), 8),
    each(hex, 12),
    each((one) => hex(one).toUpperCase(), 12),
    each((one) => hex(one).replace(/../g, "%$&"), 24),
    each((one) => hex(one).replace(/../g, "%$&").toUpperCase(), 24),
    ...[0, 1, 2].flatMap((before) => base64After(before, secret)),
  ];
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function hex(text: string): string {
  return Buffer.from(text).toString("hex");
}

/** As it is in Base64 after so many other bytes, without the characters that those have a part in. */
function base64After(bytes: number, secret: string): Form[] {
  const padded = Buffer.from("\0".repeat(bytes) + secret).toString("base64");
  const text = padded.replace(/=+$/, "").slice([0, 2, 3][bytes]);
  const places = Array.from(text, (_, at) => Math.floor((at * secret.length) / text.length));
  const plain = { text, secret, places, shortest: 8 };
  return [plain, { ...plain, text: text.replaceAll("+", "-").replaceAll("/", "_") }];
}

function backwards({ text, secret, places, shortest }: Form): Form {
  return {
    text: reversed(text),
    secret: reversed(secret),
    places: places.map((place) => secret.length - 1 - place).reverse(),
    shortest,
  };
}

function reversed(text: string): string {
  return [...text].reverse().join("");
}
