// https://developers.openai.com/api/docs/guides/error-codes
import type { ErrorAnswer, ErrorDetails } from "./api.ts";
import type { FaultName } from "./script.ts";

type Said = { status: number; type: string; code: string | null; message: string };

const errors: Record<FaultName, Said> = {
  overloaded: {
    status: 503,
    type: "service_unavailable_error",
    code: "server_is_overloaded",
    message: "Our servers are currently overloaded. Please try again later.",
  },
  "rate-limited": {
    status: 429,
    type: "tokens",
    code: "rate_limit_exceeded",
    message:
      "Rate limit reached for gpt-6-sol on tokens per min (TPM): Limit 30000, Used 29500, Requested 1200. Please try again in 1.4s.",
  },
  "spend-limit": {
    status: 429,
    type: "insufficient_quota",
    code: "insufficient_quota",
    message: "You exceeded your current quota, please check your plan and billing details.",
  },
  // A limit that people set for themselves.
  "own-spend-limit": {
    status: 429,
    type: "insufficient_quota",
    code: "organization_spend_limit_exceeded",
    message: "Your organization has reached its configured spend limit.",
  },
  "server-error": {
    status: 500,
    type: "server_error",
    code: null,
    message: "The server had an error while processing your request. Sorry about that!",
  },
  credentials: {
    status: 401,
    type: "invalid_request_error",
    code: "invalid_api_key",
    message: "Incorrect API key provided: sk-local****test.",
  },
  "context-overflow": {
    status: 400,
    type: "invalid_request_error",
    code: "context_length_exceeded",
    message: "Your input exceeds the context window of this model. Please adjust your input and try again.",
  },
  invalid: { status: 400, type: "invalid_request_error", code: null, message: "Invalid request" },
  "not-found": { status: 404, type: "invalid_request_error", code: null, message: "Not found" },
};

export function errorOf(kind: FaultName, details: ErrorDetails): ErrorAnswer {
  const { status, type, code, message } = errors[kind];
  const { retryAfter, param = null } = details;
  return {
    status,
    headers: retryAfter === undefined ? {} : { "retry-after": String(retryAfter) },
    body: { error: { message: details.message ?? message, type, param, code: details.code ?? code } },
  };
}

/** The key is sent as a bearer. Which key it is does not matter here. */
export function refuseCaller(headers: Headers): ErrorAnswer | undefined {
  if (/^Bearer \S/.test(headers.get("authorization") ?? "")) return undefined;
  const message = "Missing bearer authentication in header";
  return errorOf("credentials", { message, code: "missing_api_key" });
}
