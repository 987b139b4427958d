// What is a secret by its form, whatever stands around it. Forms that code and prose have too are not here: what an
// agent reads must stay as it is, or it can't edit it.
import { isRandom } from "./telling.ts";

const shapes = [
  // Private keys in PEM, also one whose end was cut off
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(?:[A-Za-z0-9+/=\s\\:,]|-(?!----)){16,}(?:-----END [A-Z0-9 ]*PRIVATE KEY-----)?/,
  // GitHub's. Since 2026 an installation's is `ghs_`, the App's id, and a signed token of some 500 characters, with dots.
  /\bghs_[A-Za-z0-9._-]{19,}[A-Za-z0-9_-]/,
  /\b(?:gh[a-z]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{22,255})\b/,
  // The same in Base64, wherever it begins, and in hexadecimal digits
  /(?:Z2hzX|naHNf|doc1[89])[A-Za-z0-9+/_-]{40,}={0,2}/,
  /6768735[fF](?:[2-7][0-9a-fA-F]){20,}/,
  // AWS's key ids. Their secrets have no form of their own.
  /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/,
  // Anthropic and OpenAI
  /\bsk-[A-Za-z0-9_-]{20,255}/,
  // Google, Slack, npm, GitLab, Stripe, Hugging Face
  /\bAIza[\w-]{35}\b/,
  /\bxox[abeprs]-[A-Za-z0-9-]{20,}/,
  /\bnpm_[A-Za-z0-9]{36}\b/,
  /\bglpat-[\w-]{20,}/,
  /\b[sr]k_live_[A-Za-z0-9]{16,}/,
  /\bhf_[A-Za-z0-9]{34}\b/,
  // Signed tokens
  /\beyJ[A-Za-z0-9_-]{5,}\.eyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}/,
].map(({ source }) => new RegExp(source, "g"));

/** A header that authorizes, as it is written in text; its name and the scheme stay. A placeholder is no secret. */
const authorization =
  /\b((?:proxy-)?authorization["']?[ \t]*[:=][ \t]*["']?(?:(?:bearer|basic|token)[ \t]+)?)(?!AWS4-)([A-Za-z0-9._~+/=-]{8,})/gi;
const signature = /\b(AWS4-HMAC-SHA256 [^\r\n"']*\bSignature=)[0-9a-f]{16,}/g;

/** Puts `removed` in the place of all that has the form of a secret. */
export function withoutShapes(text: string, removed: string): string {
  const shaped = shapes.reduce(
    (rest, shape) => rest.replace(shape, (found) => (isClassName(found) ? found : removed)),
    text,
  );
  return shaped
    .replace(authorization, (whole, header: string, value: string) =>
      isRandom(value) ? `${header}${removed}` : whole,
    )
    .replace(signature, `$1${removed}`);
}

/** `sk-folding-cube-with-a-name` begins as a key does. */
function isClassName(found: string): boolean {
  return found.startsWith("sk-") && !(/\d/.test(found) && /[A-Z]/.test(found));
}
