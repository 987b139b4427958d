/**
 * What a fault of a provider calls for:
 * - `overloaded`: it can't be reached, or can't answer now. Later, or another provider.
 * - `rate-limited`: it was asked for too much in a minute. The same.
 * - `spend-limit`: the money that it may take is used up. Never tried again before a person has done something.
 * - `context-overflow`: the conversation does not fit into the model's window. A shorter one does.
 * - `cut`: a stream that did not come to its end. The same request again.
 * - `refused`: the provider does not let the request through, for what it says.
 * - `credentials`: the key is wrong, or may not do this.
 * - `invalid`: the request or the settings are wrong.
 */
export type FaultKind =
  | "overloaded"
  | "rate-limited"
  | "spend-limit"
  | "context-overflow"
  | "cut"
  | "refused"
  | "credentials"
  | "invalid";

/** A turn that a provider did not give. The message is one for people: what happened, and what to do about it. */
export class ModelFault extends Error {
  override name = "ModelFault";
  kind: FaultKind;
  /** What the provider asked to wait, in seconds, when it did. */
  retryAfterSeconds: number | undefined;
  /** What the turn cost all the same in USD, as far as the provider said. */
  costUsd: number;

  constructor(message: string, fault: { kind: FaultKind; retryAfterSeconds?: number; costUsd?: number }) {
    super(message);
    this.kind = fault.kind;
    this.retryAfterSeconds = fault.retryAfterSeconds;
    this.costUsd = fault.costUsd ?? 0;
  }
}
