// https://platform.claude.com/docs/en/api/errors
import type { ErrorAnswer, ErrorDetails } from "../api.ts";
import type { FaultName } from "../script.ts";

type Said = { status: number; type: string; message: string; more?: object };

const errors: Record<FaultName, Said> = {
  overloaded: { status: 529, type: "overloaded_error", message: "Overloaded" },
  "rate-limited": {
    status: 429,
    type: "rate_limit_error",
    message: "This request would exceed your organization's rate limit of 40,000 input tokens per minute.",
  },
  "spend-limit": {
    status: 429,
    type: "rate_limit_error",
    message: "Your organization has reached its monthly spend limit.",
    more: { details: { error_code: "enforced_spend_limit_reached" } },
  },
  // A limit that people set for themselves.
  "own-spend-limit": {
    status: 400,
    type: "invalid_request_error",
    message:
      "You have reached your specified API usage limits. You will regain access on 2026-12-01 at 00:00 UTC.",
  },
  "server-error": { status: 500, type: "api_error", message: "Internal server error" },
  credentials: { status: 401, type: "authentication_error", message: "invalid x-api-key" },
  "context-overflow": {
    status: 400,
    type: "invalid_request_error",
    message: "prompt is too long: 215377 tokens > 200000 maximum",
  },
  invalid: { status: 400, type: "invalid_request_error", message: "Invalid request" },
  "not-found": { status: 404, type: "not_found_error", message: "Not found" },
};

export function errorOf(kind: FaultName, { message, retryAfter }: ErrorDetails): ErrorAnswer {
  const { status, type, message: usual, more } = errors[kind];
  return {
    status,
    headers: retryAfter === undefined ? {} : { "retry-after": String(retryAfter) },
    body: { type: "error", error: { type, message: message ?? usual, ...more }, request_id: null },
  };
}
