// One client for each server and process. Each request carries the headers of whoever makes it, so that the calls of all
// steps share the client and none has another's rights.
import { AsyncLocalStorage } from "node:async_hooks";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { z } from "zod";
import { messageOf } from "../../shared/errors.ts";
import { boundedAnswer } from "./bounded-answer.ts";
import { ServerFault, serverFaultOf } from "./server-fault.ts";

export type HeaderValues = Record<string, string>;

export type Request<T> = (client: Client) => Promise<T>;

export type Sending = {
  headers: HeaderValues;
  /** Whether it is only one request: then the end of its stream is the end of its answer. */
  isOne: boolean;
  /** The largest answer that is taken; without it any is. A larger one throws `AnswerTooLarge`. */
  maxBytes?: number;
};

export type Connection = {
  /** Makes a request. Connects first where that is needed. Throws `ServerFault` when no answer came. */
  send<T>(sending: Sending, request: Request<T>): Promise<T>;
  /** Connects anew, which asks the server who it is and nothing else. */
  renew(sending: Pick<Sending, "headers" | "maxBytes">): Promise<void>;
  /** Grows with each connection: the server may be another one since. */
  generation(): number;
  close(): Promise<void>;
};

/** What belongs to the request that is under way: its headers, and how it learns that no answer will come. */
type Exchange = Sending & { lose(error: Error): void };
type Link = { client: Promise<Client>; requests: number; isForgotten: boolean };

const connectMs = 10_000;

export function connectServer(endpoint: string): Connection {
  const exchanges = new AsyncLocalStorage<Exchange>();
  let link: Link | undefined;
  let generation = 0;

  /** The client gives up no request whose answer broke off: it would wait until the timeout. */
  async function exchange<T>(sending: Sending, work: () => Promise<T>): Promise<T> {
    const lost = Promise.withResolvers<never>();
    lost.promise.catch(() => {});
    const current: Exchange = { ...sending, lose: lost.reject };
    return Promise.race([exchanges.run(current, work), lost.promise]);
  }

  async function open(sending: Sending): Promise<Client> {
    const client = new Client(
      { name: "afu-9", version: "0.2.0" },
      { versionNegotiation: { mode: "auto" }, listMaxPages: 16 },
    );
    const transport = new Transport(endpoint, () => exchanges.getStore());
    await exchange({ ...sending, isOne: false }, () => client.connect(transport, { timeout: connectMs }));
    return client;
  }

  function linked(sending: Sending): Link {
    if (link) return link;
    generation += 1;
    link = { client: open(sending), requests: 0, isForgotten: false };
    return link;
  }

  /** The next request connects anew. Those under way keep their client; the last of them closes it. */
  function forget(old: Link): void {
    old.isForgotten = true;
    if (link === old) link = undefined;
  }

  async function send<T>(sending: Sending, request: Request<T>): Promise<T> {
    const used = linked(sending);
    used.requests += 1;
    try {
      const client = await used.client;
      return await exchange(sending, () => request(client));
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
    async renew(sending) {
      if (link) forget(link);
      await send({ ...sending, isOne: false }, async () => {});
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

/** Tells an exchange that its answer has ended: after the answer has been handled, if there was one. */
function tellEnd(current: Exchange): void {
  setImmediate(() => current.lose(new ServerFault("its answer broke off")));
}

/** The client's transport, which tells at the end of a request's stream to whom it belongs. */
class Transport extends StreamableHTTPClientTransport {
  readonly #current: () => Exchange | undefined;

  constructor(endpoint: string, current: () => Exchange | undefined) {
    super(new URL(endpoint), { fetch: (url, init) => fetchFor(current(), url, init) });
    this.#current = current;
  }

  override send(...[message, options]: Parameters<StreamableHTTPClientTransport["send"]>): Promise<void> {
    const current = this.#current();
    if (!current?.isOne) return super.send(message, options);
    return super.send(message, { ...options, onRequestStreamEnd: () => tellEnd(current) });
  }
}

/** Sends a request with the headers of its exchange. */
async function fetchFor(
  current: Exchange | undefined,
  url: string | URL,
  init: RequestInit = {},
): Promise<Response> {
  const headers = init.headers instanceof Headers ? init.headers : new Headers(init.headers);
  for (const [name, value] of Object.entries(current?.headers ?? {})) headers.set(name, value);
  const response = await fetch(url, { ...init, headers }).catch((error: unknown) => {
    throw init.signal?.aborted ? error : new ServerFault(noConnection(error), { cause: error });
  });
  return current?.maxBytes ? boundedAnswer(response, current.maxBytes, current.lose) : response;
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
