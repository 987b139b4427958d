// Turns the list of routes into HTTP: who asks, rate limits, conditional requests, permission, then the handler.
import type { Context, Hono } from "hono";
import { etag } from "hono/etag";
import { authorize } from "../access/authorize.ts";
import { identify } from "../access/identify.ts";
import { admit, admitContent, countRequest, type Resource, rateHeaders } from "../access/rate-limits.ts";
import type { Hub, Repository } from "../hub.ts";
import { findMoved, findRepository } from "../lookups.ts";
import { readRequest } from "./api-request.ts";
import type { Environment } from "./environment.ts";
import { notFound, Problem } from "./problem.ts";
import type { Answer, Route } from "./route.ts";

export function serveRest(server: Hono<Environment>, hub: Hub, routes: Route[]): void {
  server.use("/api/*", async (c, next) => {
    const actor = await identify(hub, c.req.header("authorization"));
    c.set("actor", actor);
    const resource = resourceOf(c.req.path);
    const isFree = c.req.path === "/api/v3/rate_limit";
    if (!isFree) admit(hub, actor, resource);
    await next();
    // GitHub does not count what the client had already.
    if (!isFree && c.res.status !== 304) countRequest(hub, actor, resource);
    for (const [name, value] of rateHeaders(hub, actor, resource)) c.res.headers.set(name, value);
  });
  server.use("/api/v3/*", etag({ weak: true }));
  for (const route of routes) {
    server.on(route.method, honoPaths(route.path), (c) => answerRoute(c, hub, route));
  }
}

function resourceOf(path: string): Resource {
  if (path.startsWith("/api/graphql")) return "graphql";
  return path === "/api/v3/search/code" ? "code_search" : "core";
}

// These take slashes, whether or not the client encoded them.
const withSlashes = ["path", "ref", "branch", "basehead"];

function honoPaths(path: string): string[] {
  // The root folder's contents have no path.
  const paths = path.endsWith("/contents/{path}") ? [path.replace("/{path}", ""), path] : [path];
  // GitHub serves all of it by the repository's id as well.
  const byId = paths.map((one) =>
    one.replace(/^\/repos\/\{owner\}\/\{repo\}\//, "/repositories/{repository_id}/"),
  );
  return [...new Set([...paths, ...byId])].map((one) => {
    const pattern = one.replace(/\{(\w+)\}/g, (_, name: string) =>
      withSlashes.includes(name) ? `:${name}{.+}` : `:${name}`,
    );
    return `/api/v3${pattern}`;
  });
}

async function answerRoute(c: Context<Environment>, hub: Hub, route: Route) {
  const actor = c.get("actor") ?? { kind: "anonymous" };
  const repository = repositoryIn(c, hub);
  if (!repository) leadOn(c, hub);
  const namesRepository = /^\/(repos|repositories)\//.test(route.path);
  if (namesRepository && !repository && actor.kind !== "anonymous") throw notFound();
  authorize(actor, route, repository);
  if (repository?.archived && route.method !== "GET") {
    throw new Problem(403, "Repository was archived so is read-only.");
  }
  if (route.createsContent) {
    admitContent(hub, actor);
    c.set("contentCreating", true);
  }
  return toResponse(await route.handler(await readRequest(c, { hub, actor, repository })));
}

function repositoryIn(c: Context<Environment>, hub: Hub): Repository | undefined {
  const { owner, repo, repository_id: id } = c.req.param() as Record<string, string | undefined>;
  if (id) return hub.repositories.find((repository) => String(repository.id) === id);
  return owner && repo ? findRepository(hub, owner, repo) : undefined;
}

/** Who names a repository as it was called before is sent on: to read with a 301, to write with a 307. */
function leadOn(c: Context<Environment>, hub: Hub): void {
  const { owner = "", repo = "" } = c.req.param() as Record<string, string | undefined>;
  const moved = findMoved(hub, owner, repo);
  if (!moved) return;
  const location = new URL(c.req.url);
  location.pathname = location.pathname.replace(/\/repos\/[^/]+\/[^/]+/, `/repositories/${moved.id}`);
  const isRead = c.req.method === "GET";
  throw new Problem(isRead ? 301 : 307, isRead ? "Moved Permanently" : "Temporary Redirect", {
    headers: { location: location.href },
  });
}

export function toResponse(answer: Answer): Response {
  const headers = { "x-github-media-type": "github.v3; format=json", ...answer.headers };
  if (answer.raw !== undefined) return new Response(answer.raw, { status: answer.status ?? 200, headers });
  if (answer.body === undefined) return new Response(null, { status: answer.status ?? 204, headers });
  return new Response(JSON.stringify(answer.body), {
    status: answer.status ?? 200,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
  });
}
