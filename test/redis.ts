import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { eventually } from "./eventually.ts";

export type TestRedis = {
  url: string;
  stop(): Promise<void>;
  /** Ends it at once and starts an empty one in its place. */
  restart(): Promise<void>;
  /** FLUSHALL. */
  flush(): Promise<void>;
};

/** Starts a Redis of its own on a free port, as BullMQ wants it: nothing is evicted. */
export async function startRedis(): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), "afu9-redis-"));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  let server = await launch(port, folder);

  async function end(signal: "SIGTERM" | "SIGKILL"): Promise<void> {
    const exited = once(server, "exit");
    server.kill(signal);
    await exited;
  }
  return {
    url,
    async stop() {
      await end("SIGTERM");
      await rm(folder, { recursive: true, force: true });
    },
    async restart() {
      await end("SIGKILL");
      server = await launch(port, folder);
    },
    flush: () => ask(url, (client) => client.flushall()),
  };
}

async function launch(port: number, folder: string): Promise<ChildProcess> {
  const settings = [
    "--port",
    `${port}`,
    "--bind",
    "127.0.0.1",
    "--dir",
    folder,
    "--save",
    "",
    "--maxmemory-policy",
    "noeviction",
  ];
  const server = spawn("redis-server", settings, { stdio: "ignore" });
  await ask(`redis://127.0.0.1:${port}`, (client) =>
    eventually("Redis to answer", async () => ((await client.ping()) === "PONG" ? true : undefined), 20),
  );
  return server;
}

async function ask(url: string, work: (client: Redis) => Promise<unknown>): Promise<void> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => 50, maxRetriesPerRequest: null });
  client.on("error", () => {});
  await work(client);
  client.disconnect();
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("Expected a port");
  return address.port;
}
