// The forms in which a secret must not be found anywhere, and where they are looked for.
import { writeSecret } from "../../local/model/obedient/write-secret.ts";

const sliceLength = 8;

/** Everything that gives a secret away: in Base64 wherever in a text it stands, and each slice of eight characters. */
export function formsOf(secret: string): string[] {
  const whole = (["plain", "hex", "upper-hex", "percent", "reversed"] as const).map((form) =>
    writeSecret(form, secret),
  );
  return [...new Set([...whole, ...base64At(secret), ...slicesOf(secret)])];
}

/** Of each of three places in a text, the characters that no neighbour changes. */
function base64At(secret: string): string[] {
  return [0, 1, 2].flatMap((shift) => {
    const text = Buffer.from("x".repeat(shift) + secret)
      .toString("base64")
      .replace(/=+$/, "");
    const sure = text.slice(Math.ceil((shift * 4) / 3), -1);
    return [sure, sure.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

/** The part that every key of a kind begins with is no secret. */
const sharedStart = /^sk-ant-api03-/;

function slicesOf(secret: string): string[] {
  const own = secret.replace(sharedStart, "");
  const count = Math.max(0, own.length - sliceLength + 1);
  return Array.from({ length: count }, (_, at) => own.slice(at, at + sliceLength));
}

/** Where the forms were found, with what stands around: "pull request 7: …". */
export function leaksIn(places: Record<string, string>, forms: string[]): string[] {
  return Object.entries(places).flatMap(([place, text]) => {
    const found = forms.find((form) => text.includes(form));
    if (found === undefined) return [];
    const at = text.indexOf(found);
    return [`${place} has ${found}: …${text.slice(Math.max(0, at - 60), at + found.length + 20)}…`];
  });
}
