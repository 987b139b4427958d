import type { Context } from "hono";
import type { z } from "zod";
import type { Actor, Hub, Repository } from "../hub.ts";
import type { Environment } from "./environment.ts";
import { type FieldError, notFound, Problem } from "./problem.ts";
import type { ApiRequest } from "./route.ts";

interface Known {
  hub: Hub;
  actor: Actor;
  repository: Repository | undefined;
}

export async function readRequest(c: Context<Environment>, known: Known): Promise<ApiRequest> {
  const body = await readBody(c);
  const params = c.req.param() as Record<string, string | undefined>;
  const accept = c.req.header("accept") ?? "";
  const param = (name: string) => params[name] ?? "";
  return {
    hub: known.hub,
    actor: known.actor,
    method: c.req.method,
    url: new URL(c.req.url),
    get repository() {
      if (!known.repository) throw new Error(`Expected ${c.req.path} to name a repository, got none.`);
      return known.repository;
    },
    param,
    id(name) {
      const id = Number(param(name));
      if (!Number.isInteger(id)) throw notFound();
      return id;
    },
    query: (name) => c.req.query(name),
    accepts: (type) => new RegExp(`application/vnd\\.github\\.(v3\\.)?${type}\\b`).test(accept),
    input: (schema, resource) => parseInput(schema, resource, body),
  };
}

async function readBody(c: Context<Environment>): Promise<unknown> {
  if (c.req.method === "GET") return undefined;
  const text = await c.req.text();
  if (text === "") return {};
  try {
    return JSON.parse(text);
  } catch {
    throw new Problem(400, "Problems parsing JSON");
  }
}

function parseInput<T>(schema: z.ZodType<T>, resource: string, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue): FieldError => {
    const field = issue.path.join(".");
    const isMissing = issue.path.length > 0 && valueAt(body, issue.path) === undefined;
    if (isMissing) return { resource, field, code: "missing_field" };
    return { resource, field, code: issue.code === "custom" ? "custom" : "invalid", message: issue.message };
  });
  throw new Problem(422, "Validation Failed", { errors });
}

function valueAt(value: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner && typeof inner === "object" ? Reflect.get(inner, key) : undefined),
    value,
  );
}
