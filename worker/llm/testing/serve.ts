// A provider's API as bytes: what aimock can't say (faults in the middle of a stream, odd bodies), said exactly.
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

export type Answer = {
  status?: number;
  headers?: Record<string, string>;
  /** A body as it is, or as JSON. */
  body?: unknown;
  /** The events of a stream. One with a `type` is sent by that name, as Chat Completions have none. */
  events?: { type?: string; [key: string]: unknown }[];
  /** After that the connection breaks, or nothing follows. */
  ending?: "break" | "hang";
};

/**
 * Gives the answers in their order, the last one again and again, and keeps what it was asked. One that depends on a
 * request's body is a function of it.
 */
export async function serve(...answers: (Answer | ((body: string) => Answer))[]) {
  const requests: { path: string; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const answer = answers[Math.min(requests.length, answers.length - 1)] ?? {};
    requests.push({ path: request.url ?? "", body });
    give(typeof answer === "function" ? answer(body) : answer, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function give(answer: Answer, response: ServerResponse): void {
  const { status = 200, headers = {}, body, events, ending } = answer;
  const type = events ? "text/event-stream" : "application/json";
  // No test waits for the SDK's own pauses between its tries.
  response.writeHead(status, { "content-type": type, "retry-after-ms": "1", ...headers });
  if (events) response.write(toStream(events));
  if (ending === "hang") response.flushHeaders();
  // An empty line changes nothing in a stream: when it is written, so is what came before.
  if (ending === "break") response.write(body instanceof Buffer ? body : "\n", () => response.destroy());
  if (!ending) response.end(typeof body === "string" || body instanceof Buffer ? body : JSON.stringify(body));
}

export function toStream(events: Answer["events"] = []): string {
  return events
    .map((event) => `${event.type ? `event: ${event.type}\n` : ""}data: ${JSON.stringify(event)}\n\n`)
    .join("");
}
