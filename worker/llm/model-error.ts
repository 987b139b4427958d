import { ModelFault } from "./model-fault.ts";
import { type Fault, readFault } from "./read-fault.ts";

/** Whom a request went to. */
export type Provider = {
  name: "Anthropic" | "OpenAI";
  model: string;
  /** Which API the server has to offer, and where. */
  api: string;
  /** The variables that hold its key and its address. */
  variables: { key: string; url: string };
  apiKey: string | null;
};

const maxText = 400;

/**
 * What a provider's SDK threw as a fault of ours, in one sentence and a remedy. It has no cause: the SDK's error says
 * the same again, and may hold the request's headers.
 */
export function toModelFault(error: unknown, provider: Provider, costUsd = 0): ModelFault {
  if (error instanceof ModelFault) return error;
  const fault = readFault(error);
  const answered = fault.status === undefined ? "gave no whole answer" : `answered ${fault.status}`;
  const said = readable(withoutKey(fault.text, provider));
  const what = `${provider.name} ${answered} for the model ${provider.model}: ${said}.`;
  const { kind, retryAfterSeconds } = fault;
  const message = [what, remedy(fault, provider)].filter(Boolean).join(" ");
  return new ModelFault(message, { kind, retryAfterSeconds, costUsd });
}

function remedy(fault: Fault, provider: Provider): string {
  const { name, variables } = provider;
  switch (fault.kind) {
    case "spend-limit":
      return `Raise the spending limit in ${name}'s console or pay the bill there, then try again.`;
    case "context-overflow":
      return "The conversation has grown too long for this model: ask for a smaller change.";
    case "refused":
      return "Put the task in other words.";
    case "credentials":
      return fault.status === 403
        ? `Check in ${name}'s console that the key in ${variables.key} may use this model.`
        : `Check ${variables.key} in the worker's environment.`;
    case "overloaded":
      return "It is tried again by itself.";
    case "rate-limited":
      return `It is tried again by itself; a higher rate limit is asked for in ${name}'s console.`;
    case "cut":
      return "";
    case "invalid":
      return invalid(fault, provider);
  }
}

function invalid({ status, codes }: Fault, { api, variables }: Provider): string {
  if (status !== 404 && status !== 405) return "";
  // A wrong path has no such code: the server is there, and is not this API.
  return /model_not_found|not_found_error/.test(codes)
    ? "Check AFU9_MODEL."
    : `Check AFU9_MODEL and ${variables.url}: the server there has to offer ${api}`;
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
