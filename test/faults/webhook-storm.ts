// Stands between GitHub and the app and makes the worst of the network: each webhook arrives up to a hundred times, late, and
// in any order. What the app answers is noted: only a 2xx makes a delivery an accepted one.
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import type { Random } from "./random.ts";

export type StormedDelivery = {
  id: string;
  event: string;
  /** How often it was sent to the app, and how often the app took it. */
  sent: number;
  accepted: number;
};

export type WebhookStorm = {
  url: string;
  deliveries: StormedDelivery[];
  /** Where the app listens now. */
  setTarget(url: string): void;
  /** Settles when every copy was sent and every delivery was accepted once at least. */
  drained(): Promise<void>;
  close(): Promise<void>;
};

export type StormOptions = {
  random: Random;
  /** The most copies that are made of a delivery; most get few. */
  copies: number;
  /** The copies arrive within this time. */
  spreadMs: number;
};

type Webhook = { headers: Record<string, string>; body: Buffer; record: StormedDelivery };

const path = "/api/webhooks/github";
/** How many copies are under way to the app at once. */
const atOnce = 6;

export async function startWebhookStorm({ random, copies, spreadMs }: StormOptions): Promise<WebhookStorm> {
  const deliveries: StormedDelivery[] = [];
  const pending = new Set<Promise<void>>();
  const closing = new AbortController();
  const waiting: Webhook[] = [];
  let target: string | undefined;
  let busy = 0;

  /** Sends what waits, a random one first. */
  function next(): void {
    while (busy < atOnce && waiting.length > 0) {
      const [webhook] = waiting.splice(random.integer(0, waiting.length - 1), 1);
      if (webhook) void track(send(webhook));
    }
  }
  async function send({ headers, body, record }: Webhook): Promise<void> {
    busy += 1;
    record.sent += 1;
    const isAccepted = await post(`${target}${path}`, {
      method: "POST",
      headers,
      body,
      signal: closing.signal,
    });
    busy -= 1;
    if (isAccepted) record.accepted += 1;
    next();
    // Somebody has it sent again, as GitHub's page of deliveries lets one do.
    const isLast = !waiting.some((one) => one.record === record);
    if (!isAccepted && isLast && record.accepted === 0) later({ headers, body, record }, 500);
  }
  function later(webhook: Webhook, ms: number): void {
    void track(
      setTimeout(ms, undefined, { signal: closing.signal })
        .then(() => {
          waiting.push(webhook);
          next();
        })
        .catch(() => {}),
    );
  }
  function track(work: Promise<void>): Promise<void> {
    pending.add(work);
    return work.finally(() => pending.delete(work));
  }
  async function take(request: IncomingMessage): Promise<void> {
    const body = await buffer(request);
    const headers = headersOf(request);
    const record = {
      id: headers["x-github-delivery"] ?? "",
      event: headers["x-github-event"] ?? "",
      sent: 0,
      accepted: 0,
    };
    deliveries.push(record);
    // Most webhooks come a few times, some very often.
    const count = Math.ceil(copies ** (random.number() ** 1.5));
    for (let copy = 0; copy < count; copy++) {
      later({ headers, body, record }, random.integer(0, copy === 0 ? 300 : spreadMs));
    }
  }

  const server = createServer((request, response) => {
    take(request).then(
      () => response.writeHead(202).end(),
      () => response.destroy(),
    );
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    deliveries,
    setTarget(url) {
      target = url;
    },
    async drained() {
      while (pending.size > 0) await Promise.race(pending);
    },
    async close() {
      closing.abort();
      server.close();
      server.closeAllConnections();
      await Promise.all(pending);
    },
  };
}

async function post(url: string, init: RequestInit): Promise<boolean> {
  try {
    const response = await fetch(url, init);
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/** GitHub's own headers and the type of the body. */
function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      /^x-|^content-type$/.test(name) && typeof value === "string" ? [[name, value]] : [],
    ),
  );
}
