// What a request to GitHub is a part of: when that is taken back, so is the request. Clients are shared by many calls, so
// the signal can't be one of their options.
import { AsyncLocalStorage } from "node:async_hooks";
import type { Octokit } from "@octokit/core";
import { isTokenRequest } from "./scoped-auth.ts";

const signals = new AsyncLocalStorage<AbortSignal>();

/** Runs work whose requests, by any client that has `endWithCall`, end when the signal aborts. */
export function withSignal<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return signals.run(signal, work);
}

/** A plugin of Octokit. A token's request goes on: other calls may wait for the same token. */
export function endWithCall(octokit: Octokit): void {
  octokit.hook.before("request", (options) => {
    const signal = signals.getStore();
    if (signal && !isTokenRequest(options)) options.request = { signal, ...options.request };
  });
}
