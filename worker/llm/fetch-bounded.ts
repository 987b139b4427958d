// The SDKs try again as often and wait as long as the server tells them to. A worker holds a lease and a place
// meanwhile, so a hopeless or a long wait is refused here: the execution is tried again later, or fails with the reason.

/** What a provider says when money, not time, has run out. */
export const outOfMoney = /enforced_spend_limit_reached|insufficient_quota|billing_hard_limit_reached/;

/** The longest wait that is sat out, in seconds: rate limits are by the minute. */
const longestWait = 60;

/** `fetch` for the providers' SDKs, which obey `x-should-retry`. */
export async function fetchBounded(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const response = await fetch(input, init);
  if (response.status !== 429 && response.status < 500) return response;

  const body = await response.text();
  const headers = new Headers(response.headers);
  // The body is decoded by now.
  headers.delete("content-encoding");
  headers.delete("content-length");
  if (outOfMoney.test(body) || secondsToWait(headers) > longestWait) headers.set("x-should-retry", "false");
  return new Response(body, { status: response.status, statusText: response.statusText, headers });
}

function secondsToWait(headers: Headers): number {
  const milliseconds = Number(headers.get("retry-after-ms"));
  if (milliseconds > 0) return milliseconds / 1000;
  const after = headers.get("retry-after") ?? "";
  const seconds = Number(after);
  return Number.isNaN(seconds) ? (Date.parse(after) - Date.now()) / 1000 : seconds;
}
