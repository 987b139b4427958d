// An App's webhook address: keeps what arrives, byte for byte.
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** The parts of payloads that assertions look into. */
interface Payload extends Record<string, unknown> {
  action?: string;
  issue: { title: string };
  label: { name: string };
}

export interface Received {
  /** `event.action`, or just the event. */
  name: string;
  headers: IncomingHttpHeaders;
  raw: Buffer;
  payload: Payload;
}

export async function receiveWebhooks() {
  const received: Received[] = [];
  const waiting = new Set<() => void>();
  const answer = { status: 200 };
  const server = createServer(async (request, response) => {
    const raw = await buffer(request);
    const payload: Payload = JSON.parse(raw.toString());
    const name = [request.headers["x-github-event"], payload.action].filter(Boolean).join(".");
    received.push({ name, headers: request.headers, raw, payload });
    response.writeHead(answer.status).end("thanks");
    for (const check of waiting) check();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  /** Waits until this many deliveries of that name have arrived, and returns them. */
  const until = (name: string, count = 1) =>
    new Promise<Received[]>((resolve) => {
      const check = () => {
        const matching = received.filter((one) => one.name === name);
        if (matching.length < count) return;
        waiting.delete(check);
        resolve(matching);
      };
      waiting.add(check);
      check();
    });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`,
    received,
    names: () => received.map(({ name }) => name),
    until,
    /** The status of the answers from now on. */
    answer,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
