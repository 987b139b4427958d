// POST /api/graphql: parsed, validated and run by graphql-js; the fields are functions of this folder.
import { buildSchema, type GraphQLError, graphql } from "graphql";
import type { Hono } from "hono";
import { z } from "zod";
import { admitContent } from "../access/rate-limits.ts";
import type { Actor, Hub } from "../hub.ts";
import { nodeId } from "../hub.ts";
import { accountOf } from "../lookups.ts";
import type { Environment } from "../rest/environment.ts";
import { Problem } from "../rest/problem.ts";
import { toResponse } from "../rest/serve-rest.ts";
import { createsContent, mutationsFor } from "./mutations.ts";
import { repositoryNamed, threadWithId } from "./nodes.ts";
import { schemaText } from "./schema.ts";

const requestBody = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

export function serveGraphql(server: Hono<Environment>, hub: Hub): void {
  const schema = buildSchema(schemaText);
  server.post("/api/graphql", async (c) => {
    const actor = c.get("actor") ?? { kind: "anonymous" };
    if (actor.kind === "anonymous") throw new Problem(401, "This endpoint requires you to be authenticated.");
    if (actor.kind === "app") throw new Problem(401, "Bad credentials");
    const body = requestBody.safeParse(await c.req.json().catch(() => undefined));
    if (!body.success) throw new Problem(400, "A query attribute must be specified and must be a string.");
    if (createsContent(body.data.query)) {
      admitContent(hub, actor);
      c.set("contentCreating", true);
    }
    const { data, errors } = await graphql({
      schema,
      source: body.data.query,
      variableValues: body.data.variables ?? {},
      operationName: body.data.operationName,
      rootValue: rootOf(hub, actor),
    });
    const shown = errors?.map(showError);
    return toResponse({
      body: { ...(data === undefined ? {} : { data }), ...(shown ? { errors: shown } : {}) },
    });
  });
}

function rootOf(hub: Hub, actor: Actor) {
  return {
    viewer: () => {
      const { id, login } = accountOf(actor);
      return { id: nodeId("U", id), login, databaseId: id };
    },
    repository: (args: Parameters<typeof repositoryNamed>[1]) => repositoryNamed({ hub, actor }, args),
    node: (args: Parameters<typeof threadWithId>[1]) => threadWithId({ hub, actor }, args),
    ...mutationsFor(hub, actor),
  };
}

/** GitHub names the kind of error beside the message, not under `extensions`. */
function showError(error: GraphQLError) {
  const { message, locations, path, extensions } = error.toJSON();
  const type = extensions?.type;
  return { ...(type ? { type } : { extensions }), ...(path ? { path } : {}), locations, message };
}
