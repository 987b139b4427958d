// What a provider's SDK threw: its status, its words, and which kind of fault that is.
import { APIConnectionError as AnthropicConnectionError } from "@anthropic-ai/sdk";
import { APIConnectionError as OpenAIConnectionError } from "openai";
import { z } from "zod";
import { outOfMoney, secondsToWait } from "./fetch-bounded.ts";
import type { FaultKind } from "./model-fault.ts";

/** What the SDKs' errors, their bodies and the error of a failed response have in common. */
const Body = z.object({
  message: z.string().optional().catch(undefined),
  type: z.string().optional().catch(undefined),
  code: z.string().optional().catch(undefined),
});
const SdkError = Body.extend({
  status: z.number().optional().catch(undefined),
  errorCode: z.string().optional().catch(undefined),
  headers: z.instanceof(Headers).optional().catch(undefined),
  error: Body.extend({ error: Body.optional().catch(undefined) })
    .optional()
    .catch(undefined),
});
const Thrown = Body.extend({ cause: z.unknown().optional() });

export type Fault = {
  kind: FaultKind;
  /** Without one the fault was inside of a stream, or no answer came at all. */
  status?: number;
  /** The types and codes that the provider gave, by space. */
  codes: string;
  text: string;
  retryAfterSeconds?: number;
};

export function readFault(error: unknown): Fault {
  const sdk = SdkError.safeParse(error).data;
  const inner = sdk?.error?.error ?? sdk?.error;
  const codes = [sdk, inner].flatMap((one) => [one?.type, one?.code]).concat(sdk?.errorCode);
  const text = inner?.message ?? rootMessage(error).replace(/^\d{3} /, "");
  const said = { status: sdk?.status, codes: codes.filter(Boolean).join(" "), text };
  const neverAnswered = error instanceof AnthropicConnectionError || error instanceof OpenAIConnectionError;
  const retryAfterSeconds = sdk?.headers && secondsToWait(sdk.headers);
  return { ...said, kind: neverAnswered ? "overloaded" : kindOf(said), retryAfterSeconds };
}

/** Providers have no code of their own for most of these, and say it in words. */
const tooLong =
  /context[ _](?:length|window|size|limit)|too_large|(?:prompt|input) is too long|request too large/i;
const refusal = /_policy|invalid_prompt|content_filter|policy_violation/;
const credentials = /authentication_error|permission_error|invalid_api_key|organization_on_hold/;
const rateLimit = /rate_limit|ramp_limit|too_many_requests/;
const wrong = /invalid_|not_found|data_residency/;
const busy = /overloaded|api_error|server_error|timeout|unavailable/;

/** The order counts: Anthropic says of a spending limit that it is a rate limit, and of a full window that it is invalid. */
function kindOf({ status, codes, text }: Omit<Fault, "kind">): FaultKind {
  const ofRequest = status === undefined || [400, 413, 422, 429].includes(status);
  if (status === 402 || outOfMoney.test(codes) || (ofRequest && outOfMoney.test(text))) return "spend-limit";
  if (status === 413 || (ofRequest && tooLong.test(`${codes} ${text}`))) return "context-overflow";
  if (status === 401 || status === 403 || credentials.test(codes)) return "credentials";
  if (refusal.test(codes)) return "refused";
  if (status === 429 || rateLimit.test(codes)) return "rate-limited";
  if (status === undefined) return wrong.test(codes) ? "invalid" : busy.test(codes) ? "overloaded" : "cut";
  if (status >= 500 || [408, 409, 425].includes(status)) return "overloaded";
  return "invalid";
}

/** The innermost reason: "Connection error." alone tells nobody anything. */
function rootMessage(error: unknown): string {
  const { message, cause, code } = Thrown.safeParse(error).data ?? {};
  return cause ? rootMessage(cause) : message || code || String(error);
}
