import type { MiddlewareHandler } from "hono";
import { actorName } from "../access/rate-limits.ts";
import type { Hub } from "../hub.ts";
import type { Environment } from "./environment.ts";

/** The path as GitHub's documentation writes it: without the prefix of the API. */
export function apiPath(path: string): string {
  return path.replace(/^\/api(\/v3)?(?=\/)/, "");
}

/** Keeps a list of the API requests, so that tests can count them. */
export function recordRequests(hub: Hub): MiddlewareHandler<Environment> {
  return async (c, next) => {
    await next();
    hub.requests.push({
      method: c.req.method,
      path: apiPath(c.req.path),
      status: c.res.status,
      actor: actorName(c.get("actor") ?? { kind: "anonymous" }),
      contentCreating: c.get("contentCreating") ?? false,
    });
  };
}
