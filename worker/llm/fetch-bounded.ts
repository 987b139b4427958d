// The SDKs try again as often and wait as long as the server tells them to. A worker holds a lease and a place
// meanwhile, so a hopeless or a long wait is refused here: the execution is tried again later, or fails with the reason.

/** What providers say when money, not time, has run out. Anthropic's codes are in its SDK (`resources/shared.d.ts`). */
export const outOfMoney =
  /enforced_spend_limit_reached|contract_spend_limit_reached|linked_organization_(?:spend_limit_reached|billing_unavailable)|insufficient_quota|billing_hard_limit_reached|billing_not_active|billing_error|credit_balance_exhausted|(?:organization|project)_(?:spend|usage)_limit_exceeded|specified API usage limits|credit balance is too low/i;

/**
 * `fetch` for the providers' SDKs, which obey `x-should-retry`. A wait that is longer than this many seconds is not
 * sat out.
 */
export function createFetchBounded(longestWait: number): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, init);
    if (response.status !== 429 && response.status < 500) return response;

    const body = await response.text();
    const headers = new Headers(response.headers);
    // The body is decoded by now.
    headers.delete("content-encoding");
    headers.delete("content-length");
    const wait = secondsToWait(headers) ?? 0;
    if (outOfMoney.test(body) || wait > longestWait) headers.set("x-should-retry", "false");
    return new Response(body, { status: response.status, statusText: response.statusText, headers });
  };
}

/** What a response asks to wait, in seconds: by `retry-after-ms`, or by `retry-after` as seconds or as a date. */
export function secondsToWait(headers: Headers): number | undefined {
  const milliseconds = Number(headers.get("retry-after-ms") || Number.NaN);
  if (milliseconds >= 0) return milliseconds / 1000;
  const after = headers.get("retry-after");
  if (!after) return undefined;
  const seconds = Number.isNaN(Number(after)) ? (Date.parse(after) - Date.now()) / 1000 : Number(after);
  return Number.isNaN(seconds) ? undefined : Math.max(0, seconds);
}
