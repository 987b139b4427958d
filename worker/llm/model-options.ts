import type { Effort, Usage } from "./model.ts";

/** What a model is made of, beside the client that reaches its provider. */
export type ModelOptions = {
  /** The model's name at its provider. */
  name: string;
  /** Without one, the provider's own default. */
  effort?: Effort;
  maxOutputTokens: number;
  contextTokens: number;
  costOf(usage: Usage): number;
};
