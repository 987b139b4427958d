import { messageOf, PermanentFault } from "../../shared/errors.ts";

const remedies: Record<number, string> = {
  400: "The provider refused the request.",
  401: "Check the API key in the worker's environment.",
  403: "The API key may not use this model.",
  404: "Check the model's name in AFU9_MODEL.",
  413: "The conversation has grown too long for this model.",
};

/** An error of a provider's SDK as ours: a `PermanentFault` with a remedy, or an error that may pass. */
export function toModelError(error: unknown, provider: string, model: string): Error {
  const status = error instanceof Error && "status" in error ? Number(error.status) : 0;
  const what = `${provider} did not answer for the model ${model}: ${messageOf(error)}`;
  const remedy = remedies[status];
  return remedy
    ? new PermanentFault(`${what}. ${remedy}`, { cause: error })
    : new Error(what, { cause: error });
}
