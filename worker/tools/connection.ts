// One client for each server and process. Each request carries the headers of whoever makes it, so that the calls of all
// steps share the client and none has another's rights.
import { AsyncLocalStorage } from "node:async_hooks";
import { Client, type RequestOptions, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { z } from "zod";
import { messageOf } from "../../shared/errors.ts";
import { ServerFault, serverFaultOf } from "./server-fault.ts";

export type Headers = Record<string, string>;

/** A request of the client, to be made with these options. */
export type Request<T> = (client: Client, options: RequestOptions) => Promise<T>;

/** What requests are sent with, and whether it is only one: then the end of its stream is the end of its answer. */
export type Sending = { headers: Headers; isOne: boolean };

export type Connection = {
  /** Makes a request. Connects first where that is needed. Throws `ServerFault` when no answer came. */
  send<T>(sending: Sending, request: Request<T>): Promise<T>;
  /** Connects anew, which asks the server who it is and nothing else. */
  renew(headers: Headers): Promise<void>;
  /** Grows with each connection: the server may be another one since. */
  generation(): number;
  close(): Promise<void>;
};

/** What belongs to the request that is under way: its headers, and how it learns that no answer will come. */
type Exchange = Sending & { lose(error: Error): void };
type Link = { client: Promise<Client>; requests: number; isForgotten: boolean };

const connectMs = 10_000;
/** What a server may answer in all; its tools cap their own answers far below. */
const maxAnswerBytes = 64 * 1024 * 1024;

export function connectServer(endpoint: string): Connection {
  const exchanges = new AsyncLocalStorage<Exchange>();
  let link: Link | undefined;
  let generation = 0;

  /** The client gives up no request whose answer broke off: it would wait until the timeout. */
  async function exchange<T>(sending: Sending, work: (current: Exchange) => Promise<T>): Promise<T> {
    const lost = Promise.withResolvers<never>();
    lost.promise.catch(() => {});
    const current: Exchange = { ...sending, lose: lost.reject };
    return Promise.race([exchanges.run(current, () => work(current)), lost.promise]);
  }

  async function open(headers: Headers): Promise<Client> {
    const client = new Client(
      { name: "afu-9", version: "0.2.0" },
      { versionNegotiation: { mode: "auto" }, listMaxPages: 16 },
    );
    const transport = new StreamableHTTPClientTransport(new URL(endpoint), {
      fetch: (url, init) => fetchFor(exchanges.getStore(), url, init),
    });
    await exchange({ headers, isOne: false }, () => client.connect(transport, { timeout: connectMs }));
    return client;
  }

  function linked(headers: Headers): Link {
    if (link) return link;
    generation += 1;
    link = { client: open(headers), requests: 0, isForgotten: false };
    return link;
  }

  /** The next request connects anew. Those under way keep their client; the last of them closes it. */
  function forget(old: Link): void {
    old.isForgotten = true;
    if (link === old) link = undefined;
  }

  async function send<T>(sending: Sending, request: Request<T>): Promise<T> {
    const used = linked(sending.headers);
    used.requests += 1;
    try {
      const client = await used.client;
      return await exchange(sending, (current) =>
        request(client, {
          // The client goes on with such a stream by itself.
          onresumptiontoken() {
            current.isOne = false;
          },
        }),
      );
    } catch (error) {
      const fault = serverFaultOf(error);
      if (fault || !(await isConnected(used))) forget(used);
      throw fault ?? error;
    } finally {
      used.requests -= 1;
      if (used.isForgotten && used.requests === 0) await closeLink(used);
    }
  }

  return {
    send,
    async renew(headers) {
      if (link) forget(link);
      await send({ headers, isOne: false }, async () => {});
    },
    generation: () => generation,
    async close() {
      if (!link) return;
      const old = link;
      forget(old);
      await closeLink(old);
    },
  };
}

function isConnected({ client }: Link): Promise<boolean> {
  return client.then(
    () => true,
    () => false,
  );
}

async function closeLink({ client }: Link): Promise<void> {
  // One that never connected has nothing to close.
  await client.then((connected) => connected.close()).catch(() => {});
}

/** Sends a request with the headers of its exchange, and tells that when no answer will come any more. */
async function fetchFor(
  current: Exchange | undefined,
  url: string | URL,
  init: RequestInit = {},
): Promise<Response> {
  const headers = new Headers(init.headers);
  for (const [name, value] of Object.entries(current?.headers ?? {})) headers.set(name, value);
  const response = await fetch(url, { ...init, headers }).catch((error: unknown) => {
    throw init.signal?.aborted ? error : new ServerFault(noConnection(error), { cause: error });
  });
  if (!current || init.method !== "POST" || !response.ok || !response.body) return response;
  return new Response(watched(response.body, current), response);
}

class TooLarge extends Error {
  override message = `its answer has more than ${maxAnswerBytes} bytes`;
}

function watched(body: ReadableStream<Uint8Array>, current: Exchange): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let bytes = 0;
  /** Said after the answer has been handled, if there was one. */
  const lose = (error: Error) => setImmediate(() => current.lose(error));
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        bytes += value?.length ?? 0;
        if (bytes > maxAnswerBytes) throw new TooLarge();
        if (!done) return controller.enqueue(value);
        controller.close();
        if (current.isOne) lose(new ServerFault("its answer broke off"));
      } catch (error) {
        controller.error(error);
        lose(error instanceof TooLarge ? error : new ServerFault("its answer broke off", { cause: error }));
        await reader.cancel().catch(() => {});
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

const Failed = z.object({
  cause: z.object({ message: z.string(), errors: z.array(z.object({ message: z.string() })).optional() }),
});

/** Why there was no connection. One that is refused at several addresses has no words of its own. */
function noConnection(error: unknown): string {
  const failed = Failed.safeParse(error);
  if (!failed.success) return messageOf(error);
  const { message, errors } = failed.data.cause;
  return errors?.[0]?.message ?? message;
}
