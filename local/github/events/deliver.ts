// Webhook deliveries: one after the other per App, signed, recorded, given up after ten seconds. GitHub does not retry, so this does not either.
import { createHmac } from "node:crypto";
import type { App, Delivery, Hub } from "../hub.ts";

export type NewDelivery = Pick<
  Delivery,
  "app" | "guid" | "event" | "action" | "installationId" | "repositoryId" | "body"
>;

const patience = 10_000;

/** Puts the delivery at the end of the App's line and returns at once. */
export function enqueueDelivery(hub: Hub, delivery: NewDelivery, redelivery = false): void {
  const { app } = delivery;
  if (!app.webhookUrl) return;
  app.outbox = app.outbox.then(() => deliver(hub, delivery, redelivery));
}

async function deliver(hub: Hub, delivery: NewDelivery, redelivery: boolean): Promise<void> {
  if (hub.closing.signal.aborted) return;
  const { app } = delivery;
  const requestHeaders = headersOf(delivery);
  const started = Date.now();
  const outcome = await post(hub, app.webhookUrl, requestHeaders, delivery.body);
  hub.deliveries.push({
    ...delivery,
    ...outcome,
    id: hub.nextId(),
    url: app.webhookUrl,
    redelivery,
    requestHeaders,
    deliveredAt: new Date(started).toISOString(),
    durationMs: Date.now() - started,
  });
  const { guid, event, action } = delivery;
  hub.log.info({ delivery_id: guid, event, action, status: outcome.statusCode }, "webhook delivered");
}

function headersOf({ app, guid, event, body }: NewDelivery): Record<string, string> {
  return {
    Accept: "*/*",
    "Content-Type": "application/json",
    "User-Agent": "GitHub-Hookshot/local",
    "X-GitHub-Delivery": guid,
    "X-GitHub-Event": event,
    "X-GitHub-Hook-ID": String(app.id),
    "X-GitHub-Hook-Installation-Target-ID": String(app.id),
    "X-GitHub-Hook-Installation-Target-Type": "integration",
    ...signature(app, body),
  };
}

function signature(app: App, body: string): Record<string, string> {
  if (!app.webhookSecret) return {};
  const digest = (algorithm: string) => createHmac(algorithm, app.webhookSecret).update(body).digest("hex");
  return { "X-Hub-Signature": `sha1=${digest("sha1")}`, "X-Hub-Signature-256": `sha256=${digest("sha256")}` };
}

async function post(hub: Hub, url: string, headers: Record<string, string>, body: string) {
  try {
    const signal = AbortSignal.any([AbortSignal.timeout(patience), hub.closing.signal]);
    const response = await fetch(url, { method: "POST", headers, body, signal, redirect: "manual" });
    return {
      status: response.ok ? "OK" : response.statusText || "Invalid HTTP Response",
      statusCode: response.status,
      responseHeaders: Object.fromEntries(response.headers),
      responseBody: await response.text(),
    };
  } catch (error) {
    const timedOut = error instanceof Error && error.name === "TimeoutError";
    const status = timedOut ? "timed out" : "failed to connect to host";
    return { status, statusCode: timedOut ? 504 : 502, responseHeaders: {}, responseBody: "" };
  }
}
