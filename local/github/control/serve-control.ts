// The control API below /_local: what a test or the demo does that has no place in GitHub's own API. Loopback only, no token.
import type { Context, Hono } from "hono";
import { z } from "zod";
import type { Hub } from "../hub.ts";
import type { Environment } from "../rest/environment.ts";
import { Problem } from "../rest/problem.ts";
import { appControls } from "./apps.ts";
import type { Control } from "./control.ts";
import { moveControls } from "./moves.ts";
import { observationControls } from "./observation.ts";
import { repositoryControls } from "./repositories.ts";
import { workflowRunControls } from "./workflow-runs.ts";

const controls: Control[] = [
  ...appControls,
  ...repositoryControls,
  ...moveControls,
  ...workflowRunControls,
  ...observationControls,
];

export function serveControl(server: Hono<Environment>, hub: Hub): void {
  for (const { method, path, handler } of controls) {
    server.on(method, `/_local${path}`, async (c) => {
      const body = await readJson(c);
      const answer = await handler({
        hub,
        param: (name) => (c.req.param() as Record<string, string>)[name] ?? "",
        input: (schema) => parse(schema, body),
      });
      return c.json(answer ?? { ok: true });
    });
  }
}

async function readJson(c: Context): Promise<unknown> {
  if (c.req.method === "GET" || c.req.method === "DELETE") return undefined;
  // A browser asks before it sends this type to another site; other types it just sends.
  if (!c.req.header("content-type")?.startsWith("application/json")) {
    throw new Problem(415, "Expected Content-Type application/json.");
  }
  return c.req.json().catch(() => {
    throw new Problem(400, `Expected JSON in the body of ${c.req.method} ${c.req.path}.`);
  });
}

function parse<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new Problem(422, z.prettifyError(parsed.error));
}
