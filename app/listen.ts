import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import type { Hono } from "hono";

/** How long a sender may take, in milliseconds: for the headers, and for the whole request. */
export type SenderLimits = { headersMs: number; requestMs: number };

/** GitHub gives up after ten seconds by itself. */
const usualLimits: SenderLimits = { headersMs: 10_000, requestMs: 20_000 };

type Address = { hostname: string; port: number };

/** Serves until it is closed. Who sends too slowly gets a 408, and the connection ends. Throws when the port is taken. */
export function listen(
  server: Hono,
  { hostname, port }: Address,
  { headersMs, requestMs } = usualLimits,
): Promise<{ server: Server; url: string }> {
  const serverOptions = {
    headersTimeout: headersMs,
    requestTimeout: requestMs,
    // Node looks at its connections no more often than this.
    connectionsCheckingInterval: Math.min(1_000, headersMs / 2),
  };
  return new Promise((resolve, reject) => {
    const listening = serve({ fetch: server.fetch, hostname, port, serverOptions }, (address) => {
      resolve({ server: listening as Server, url: urlOf(address) });
    });
    listening.once("error", reject);
  });
}

function urlOf({ address, port, family }: AddressInfo): string {
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}
