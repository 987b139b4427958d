// Stands between a client and an MCP server: it counts what is asked, and can have it go wrong.
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { z } from "zod";

/** How a request goes wrong: it is answered with a status, its connection is reset, or its answer breaks off. */
export type Fault = number | "reset" | "cut";

export type Wire = {
  url: string;
  /** The methods that were asked for, in their order: `tools/call`. */
  asked: string[];
  headers: IncomingHttpHeaders[];
  /** Has the next requests of a method go wrong, one after the other. */
  breakNext(method: string, ...faults: Fault[]): void;
  close(): Promise<void>;
};

const Message = z.object({ method: z.string() });

/** Forwards to the server at `target`. */
export async function openWire(target: string): Promise<Wire> {
  const asked: string[] = [];
  const headers: IncomingHttpHeaders[] = [];
  const faults: { method: string; fault: Fault }[] = [];
  const { host } = new URL(target);

  const server = createServer(async (incoming, response) => {
    const body = await buffer(incoming);
    const method = body.length > 0 ? Message.parse(JSON.parse(body.toString())).method : incoming.method;
    asked.push(method ?? "");
    headers.push(incoming.headers);
    const at = faults.findIndex((one) => one.method === method);
    const fault = at < 0 ? undefined : faults.splice(at, 1)[0]?.fault;
    if (typeof fault === "number") return response.writeHead(fault).end();
    if (fault === "reset") return incoming.socket.destroy();
    const onwards = request(new URL(incoming.url ?? "/", target), {
      method: incoming.method,
      headers: { ...incoming.headers, host },
    });
    onwards.on("error", () => response.destroy());
    response.on("close", () => onwards.destroy());
    onwards.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      if (fault === "cut") return cut(response);
      answer.on("error", () => response.destroy());
      answer.pipe(response);
    });
    onwards.end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    asked,
    headers,
    breakNext: (method, ...these) => faults.push(...these.map((fault) => ({ method, fault }))),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

/** The head and some of the answer arrive, and then the connection is gone. */
function cut(response: ServerResponse): void {
  response.write(": still here\n\n", () => response.destroy());
}
