import { createMiddleware } from "hono/factory";

/** What a webhook is called by: GitHub's ids are GUIDs, its events small words. */
const isName = (text: string) => /^[\w-]{1,100}$/.test(text);

/** Refuses by its headers what can't be a webhook of GitHub, before a byte of its body is read. */
export const checkWebhookHeaders = createMiddleware(async (c, next) => {
  const type = c.req.header("content-type");
  if (!isJson(type))
    return c.json({ error: `${wrongType(type)} The App's settings on GitHub have it by the webhook.` }, 415);
  if (!/^sha256=[0-9a-f]{64}$/.test(c.req.header("x-hub-signature-256") ?? ""))
    return c.json({ error: "Expected X-Hub-Signature-256: sha256=… with the HMAC of the body." }, 401);
  const { id, event } = namesOf((name) => c.req.header(name));
  if (!isName(id) || !isName(event))
    return c.json(
      { error: "Expected the headers X-GitHub-Delivery, a GUID, and X-GitHub-Event, a word." },
      400,
    );
  return next();
});

/** Refuses what does not say that it is JSON. */
export const requireJson = createMiddleware(async (c, next) => {
  const type = c.req.header("content-type");
  return isJson(type) ? next() : c.json({ error: wrongType(type) }, 415);
});

function isJson(type: string | undefined): boolean {
  return /^application\/json\s*(;|$)/i.test(type ?? "");
}

/** A delivery's id and its event. */
export function namesOf(header: (name: string) => string | null | undefined): { id: string; event: string } {
  return { id: header("x-github-delivery") ?? "", event: header("x-github-event") ?? "" };
}

function wrongType(type: string | undefined): string {
  const got = type === undefined ? "none" : JSON.stringify(type.slice(0, 100));
  return `Expected the content type application/json, got ${got}.`;
}
