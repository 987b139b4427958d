import { z } from "zod";
import { PermanentFault } from "../../shared/errors.ts";
import { outOfMoney } from "./fetch-bounded.ts";

/** Whom a request went to. */
export type Provider = {
  name: "Anthropic" | "OpenAI";
  model: string;
  /** The variables that hold its key and its address. */
  variables: { key: string; url: string };
  apiKey: string | null;
};

/** What the SDKs' errors, their bodies and the error of a failed response have in common. */
const Body = z.object({
  message: z.string().optional().catch(undefined),
  type: z.string().optional().catch(undefined),
  code: z.string().optional().catch(undefined),
});
const SdkError = Body.extend({
  status: z.number().optional().catch(undefined),
  errorCode: z.string().optional().catch(undefined),
  error: Body.extend({ error: Body.optional().catch(undefined) })
    .optional()
    .catch(undefined),
});
const Thrown = Body.extend({ cause: z.unknown().optional() });
type Fault = { status?: number; kinds: string; text: string };

/** An event inside of a stream has a type and no status. */
const permanentKinds =
  /invalid_|authentication_error|permission_error|billing_error|not_found|request_too_large|context_length|_policy|data_residency/;
const maxText = 400;

/**
 * What a provider's SDK threw as an error of ours, in one sentence and a remedy: a `PermanentFault` when trying again
 * can't cure it. It has no cause: the SDK's error says the same again, and may hold the request's headers.
 */
export function toModelError(error: unknown, provider: Provider): Error {
  const fault = readFault(error);
  const answered = fault.status === undefined ? "gave no whole answer" : `answered ${fault.status}`;
  const said = readable(withoutKey(fault.text, provider));
  const what = `${provider.name} ${answered} for the model ${provider.model}: ${said}.`;
  if (!isPermanent(fault)) return new Error(what);
  return new PermanentFault([what, remedy(fault, provider)].filter(Boolean).join(" "));
}

function readFault(error: unknown): Fault {
  const sdk = SdkError.safeParse(error).data;
  const inner = sdk?.error?.error ?? sdk?.error;
  const kinds = [sdk, inner].flatMap((one) => [one?.type, one?.code]).concat(sdk?.errorCode);
  const text = inner?.message ?? rootMessage(error).replace(/^\d{3} /, "");
  return { status: sdk?.status, kinds: kinds.filter(Boolean).join(" "), text };
}

function isPermanent({ status, kinds, text }: Fault): boolean {
  if (outOfMoney.test(kinds) || (status === 429 && outOfMoney.test(text))) return true;
  if (status === undefined) return permanentKinds.test(kinds);
  return status >= 400 && status < 500 && ![408, 409, 425, 429].includes(status);
}

function remedy({ status, kinds, text }: Fault, { name, variables }: Provider): string {
  if (outOfMoney.test(`${kinds} ${text}`) || status === 402)
    return "Raise the spending limit at the provider, then try again.";
  if (status === 401 || /authentication_error/.test(kinds))
    return `Check ${variables.key} in the worker's environment.`;
  if (status === 403)
    return `Check in ${name}'s console that the key in ${variables.key} may use this model.`;
  if (status === 413 || /context_length|too_large/.test(kinds) || /prompt is too long/i.test(text))
    return "The conversation has grown too long for this model: ask for a smaller change.";
  if (status !== 404 && status !== 405) return "";
  // A wrong path has no such code: the server is there, and is not this API.
  return /model_not_found|not_found_error/.test(kinds)
    ? "Check AFU9_MODEL."
    : `Check AFU9_MODEL and ${variables.url}: ${apis[name]}`;
}

const apis = {
  Anthropic: "the server there has to offer Anthropic's Messages API, at `/v1/messages`.",
  OpenAI:
    "the server there has to offer OpenAI's Responses API, at `/responses` below that address; Chat Completions alone are not enough.",
};

/** The innermost reason: "Connection error." alone tells nobody anything. */
function rootMessage(error: unknown): string {
  const { message, cause, code } = Thrown.safeParse(error).data ?? {};
  return cause ? rootMessage(cause) : message || code || String(error);
}

/** One line without tags, clipped, that a full stop can follow. */
function readable(text: string): string {
  const plain = text
    .slice(0, 10 * maxText)
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ")
    .replace(/[. ]+$/, "")
    .trim();
  if (plain === "" || plain === "status code (no body)") return "no explanation";
  return plain.length <= maxText ? plain : `${plain.slice(0, maxText)} …`;
}

/** Providers quote a wrong key, whole or with stars in its middle. */
function withoutKey(text: string, { apiKey }: Provider): string {
  const hidden = apiKey ? text.replaceAll(apiKey, "[key]") : text;
  return hidden.replace(/\bsk-[\w*.-]+/g, "[key]").replace(/\bBearer \S+/gi, "Bearer [key]");
}
