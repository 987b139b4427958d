// Faults on demand: the next matching requests fail as told, before or after they have done their work.
import { matchesGlob } from "node:path/posix";
import { setTimeout as delay } from "node:timers/promises";
import { RESPONSE_ALREADY_SENT } from "@hono/node-server/utils/response";
import type { Context, MiddlewareHandler } from "hono";
import { secondaryLimit } from "../access/rate-limits.ts";
import type { Hub } from "../hub.ts";
import type { Fault } from "../observed.ts";
import type { Environment } from "./environment.ts";
import { Problem, problemBody } from "./problem.ts";
import { apiPath } from "./record-requests.ts";
import { toResponse } from "./serve-rest.ts";

export function injectFaults(hub: Hub): MiddlewareHandler<Environment> {
  return async (c, next) => {
    const fault = hub.faults.find(
      (one) => one.times > 0 && !one.field && applies(one, c.req.method, apiPath(c.req.path)),
    );
    if (!fault) return next();
    fault.times -= 1;
    if (fault.delayMs) await wait(fault.delayMs, [hub.closing.signal, c.req.raw.signal]);
    const onlyDelays = fault.delayMs !== undefined && fault.status === undefined && !fault.afterWrite;
    if (onlyDelays) return next();
    if (fault.afterWrite) await next();
    c.res = fault.status === undefined ? breakConnection(c) : refuse(fault.status, fault);
  };
}

/** Who asked may leave meanwhile: then the work is not done, and 499 in the list of requests tells of it. */
async function wait(ms: number, signals: AbortSignal[]): Promise<void> {
  await delay(ms, undefined, { signal: AbortSignal.any(signals) }).catch(() => {
    throw new Problem(499, "Client Closed Request");
  });
}

/** A path that begins with ^ is a regular expression, anything else a glob (`*` within a segment, `**` across). */
function applies({ method, path: pattern }: Fault, method_: string, path: string): boolean {
  if (method && method.toUpperCase() !== method_) return false;
  return pattern.startsWith("^") ? new RegExp(pattern).test(path) : matchesGlob(path, pattern);
}

function breakConnection(c: Context<Environment>): Response {
  c.env.incoming.socket.destroy();
  return RESPONSE_ALREADY_SENT;
}

const messages: Record<number, string> = {
  401: "Bad credentials",
  403: "Resource not accessible by integration",
  404: "Not Found",
  422: "Validation Failed",
};

function refuse(status: number, { retryAfter, message: words }: Fault): Response {
  const isLimit = retryAfter !== undefined && status < 500;
  const headers: Record<string, string> =
    retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
  const message = isLimit
    ? secondaryLimit(retryAfter).message
    : (words ?? messages[status] ?? "Server Error");
  return toResponse({ status, headers, body: problemBody(new Problem(status, message)) });
}
