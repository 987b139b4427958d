// GitHub does not count a question whose answer has not changed. So what it answered is kept, each later question names it
// by its ETag, and a 304 is answered from here. (Octokit has no plugin for this. An ordinary HTTP cache answers by itself
// for a minute, as GitHub allows it to: then a branch that has moved would seem to be where it was.)

type Kept = { etag: string; headers: [string, string][]; body: ArrayBuffer };
type Fetch = typeof fetch;

/** The answers that are kept: in bytes, all together and each. */
const defaults = { maxBytes: 32 * 1024 * 1024, maxEach: 2 * 1024 * 1024 };

/** Gives a `fetch` for each scope (who asks, and with which rights). Scopes share the room, and no answer. */
export function createConditionalFetch({ maxBytes, maxEach } = defaults): (scope: string) => Fetch {
  const kept = new Map<string, Kept>();
  let bytes = 0;

  function drop(key: string): void {
    bytes -= kept.get(key)?.body.byteLength ?? 0;
    kept.delete(key);
  }
  function keep(key: string, answer: Kept): void {
    drop(key);
    if (answer.body.byteLength > maxEach) return;
    kept.set(key, answer);
    bytes += answer.body.byteLength;
    // The one that was used longest ago goes first.
    for (const [oldest] of kept) {
      if (bytes <= maxBytes) return;
      drop(oldest);
    }
  }

  return (scope) => async (input, init) => {
    const headers = new Headers(init?.headers);
    if (init?.method !== "GET" || headers.has("if-none-match")) return fetch(input, init);

    const key = JSON.stringify([scope, String(input), headers.get("accept")]);
    const known = kept.get(key);
    if (known) headers.set("if-none-match", known.etag);
    const response = await fetch(input, { ...init, headers });
    if (response.status === 304 && known) {
      keep(key, known);
      return answerFrom(known, response);
    }
    drop(key);
    const etag = response.headers.get("etag");
    // Where GitHub sends to another server, that one's tag says nothing about GitHub's answer.
    if (response.status !== 200 || !etag || response.redirected) return response;
    const body = await response.arrayBuffer();
    const answer = { etag, headers: [...response.headers], body };
    keep(key, answer);
    return answerFrom(answer, response);
  };
}

/** What was kept, with what the newest headers say: how much is left of the hour, and until when. */
function answerFrom({ headers, body }: Kept, { headers: newest, url }: Response): Response {
  const merged = new Headers(headers);
  for (const [name, value] of newest) if (!name.startsWith("content-")) merged.set(name, value);
  // Octokit reads the address, which a response that is made has not.
  return Object.defineProperty(new Response(body, { headers: merged }), "url", { value: url });
}
