// Puts the parts together and listens: REST, GraphQL, git, pages for people, and the control API for whoever started it.
import { mkdir } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import type { Logger } from "pino";
import { serveControl } from "./control/serve-control.ts";
import { createGit } from "./git/git.ts";
import { serveGraphql } from "./graphql/serve-graphql.ts";
import { createHub, type Hub } from "./hub.ts";
import { serveManifests } from "./manifest/serve-manifests.ts";
import { servePages } from "./pages/serve-pages.ts";
import type { Environment } from "./rest/environment.ts";
import { injectFaults } from "./rest/faults.ts";
import { notFound, Problem, problemBody } from "./rest/problem.ts";
import { recordRequests } from "./rest/record-requests.ts";
import { serveRest, toResponse } from "./rest/serve-rest.ts";
import { serveLogs } from "./routes/actions.ts";
import { routes } from "./routes/routes.ts";
import { serveGit } from "./smart-http/serve-git.ts";

export interface LocalGitHub {
  /** http://127.0.0.1:PORT; REST is below /api/v3, GraphQL at /api/graphql. */
  url: string;
  close(): Promise<void>;
}

interface Options {
  /** 0 takes any free port. */
  port: number;
  /** The folder for bare repositories; made when it is not there. */
  dataDir: string;
  log: Logger;
}

/** Starts a local GitHub that listens on the loopback interface only. */
export async function startGitHub({ port, dataDir, log }: Options): Promise<LocalGitHub> {
  await mkdir(dataDir, { recursive: true });
  const hub = createHub({ dataDir, log, git: await createGit(dataDir) });
  const server = createAdaptorServer({ fetch: createServer(hub).fetch });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  hub.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: hub.url, close: () => close(hub, server) };
}

function createServer(hub: Hub): Hono<Environment> {
  const server = new Hono<Environment>({ strict: false });
  server.use(onlyLoopbackNames);
  serveControl(server, hub);
  server.use("/api/*", recordRequests(hub));
  server.use(injectFaults(hub));
  serveRest(server, hub, routes);
  serveGraphql(server, hub);
  serveGit(server, hub);
  serveLogs(server, hub);
  serveManifests(server, hub);
  servePages(server, hub);
  server.notFound((c) => {
    hub.log.warn({ method: c.req.method, path: c.req.path }, "unknown route");
    return toResponse({ status: 404, body: problemBody(notFound()) });
  });
  server.onError((error, c) => {
    if (error instanceof Problem) {
      return toResponse({ status: error.status, body: problemBody(error), headers: error.headers });
    }
    hub.log.error({ err: error, method: c.req.method, path: c.req.path }, "request failed");
    return toResponse({ status: 500, body: problemBody(new Problem(500, "Server Error")) });
  });
  return server;
}

// A web page in somebody's browser must not reach this through a name that it points at 127.0.0.1.
async function onlyLoopbackNames(c: { req: { url: string } }, next: () => Promise<void>) {
  const { hostname } = new URL(c.req.url);
  if (!["127.0.0.1", "localhost", "[::1]"].includes(hostname)) {
    throw new Problem(421, `Expected to be called 127.0.0.1 or localhost, got ${hostname}.`);
  }
  await next();
}

async function close(hub: Hub, server: ReturnType<typeof createAdaptorServer>): Promise<void> {
  hub.closing.abort();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  if ("closeAllConnections" in server) server.closeAllConnections();
  await closed;
  await Promise.all(hub.apps.map((app) => app.outbox));
  await Promise.all(hub.repositories.map((repository) => repository.refsLock));
}
