// What GitHub has sent to the App, by its own account. It keeps that for three days.
import type { Octokit } from "../../shared/github.ts";

/** A delivery, which may have been attempted more than once. */
export type SentDelivery = {
  guid: string;
  event: string;
  attempts: number;
  /** Any attempt was answered with a 2xx. */
  hasArrived: boolean;
  lastAttempt: { id: number; at: Date };
  firstAttemptAt: Date;
};

/** Lists what was sent after a time, the newest first. GitHub's list has an entry for each attempt. */
export async function listSent(asApp: Octokit, after: Date, signal: AbortSignal): Promise<SentDelivery[]> {
  const found = new Map<string, SentDelivery>();
  const list = asApp.rest.apps.listWebhookDeliveries;
  for await (const { data } of asApp.paginate.iterator(list, { per_page: 100, request: { signal } })) {
    for (const { guid, id, event, delivered_at, status_code } of data) {
      const at = new Date(delivered_at);
      if (at < after) return [...found.values()];
      const known = found.get(guid);
      found.set(guid, {
        guid,
        event,
        attempts: (known?.attempts ?? 0) + 1,
        hasArrived: known?.hasArrived || (status_code >= 200 && status_code < 300),
        lastAttempt: known?.lastAttempt ?? { id, at },
        firstAttemptAt: at,
      });
    }
  }
  return [...found.values()];
}

/** Finds the newest attempt at one delivery. Gives undefined for one that GitHub does not know, or no longer. */
export async function findAttempt(asApp: Octokit, guid: string): Promise<number | undefined> {
  const list = asApp.rest.apps.listWebhookDeliveries;
  for await (const { data } of asApp.paginate.iterator(list, { per_page: 100 })) {
    const attempt = data.find((one) => one.guid === guid);
    if (attempt) return attempt.id;
  }
  return undefined;
}

/** Asks GitHub to send a delivery again, under the same GUID. */
export async function sendAgain(asApp: Octokit, attempt: number): Promise<void> {
  await asApp.rest.apps.redeliverWebhookDelivery({ delivery_id: attempt });
}
