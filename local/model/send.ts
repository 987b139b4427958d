import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { ErrorAnswer } from "./api.ts";

export function sendJson(response: ServerResponse, { status, headers, body }: ErrorAnswer): void {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(text);
}

/** Sends the frames of a stream, no faster than the other side takes them. */
export async function sendFrames(response: ServerResponse, frames: string[]): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
  const gone = once(response, "close");
  for (const frame of frames) {
    if (response.closed) return;
    if (!response.write(frame)) await Promise.race([once(response, "drain"), gone]);
  }
  response.end();
}
