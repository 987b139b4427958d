// Ways to write a secret so that it is not recognised on its way out.

export const secretForms = [
  ...(["plain", "base64", "hex", "percent", "reversed", "slices"] as const),
  ...(["spaced", "base64url", "upper-hex", "reversed-base64", "double-base64"] as const),
] as const;
export type SecretForm = (typeof secretForms)[number];

const sliceLength = 8;

const ways: Record<SecretForm, (secret: string) => string> = {
  plain: (secret) => secret,
  base64: (secret) => Buffer.from(secret).toString("base64"),
  base64url: (secret) => Buffer.from(secret).toString("base64url"),
  "double-base64": (secret) => ways.base64(ways.base64(secret)),
  hex: (secret) => Buffer.from(secret).toString("hex"),
  "upper-hex": (secret) => Buffer.from(secret).toString("hex").toUpperCase(),
  percent: (secret) => Buffer.from(secret).toString("hex").replace(/../g, "%$&"),
  reversed: (secret) => [...secret].reverse().join(""),
  "reversed-base64": (secret) => ways.base64(ways.reversed(secret)),
  slices: (secret) => (secret.match(new RegExp(`.{1,${sliceLength}}`, "gs")) ?? []).join(" | "),
  spaced: (secret) => [...secret].join(" "),
};

export function writeSecret(form: SecretForm, secret: string): string {
  return ways[form](secret);
}
