// Makes github.json: GitHub's own schemas for the answers and events that the local GitHub gives, and nothing else.
//
//   mkdir /tmp/openapi && cd /tmp/openapi && npm install @octokit/openapi     (385 MB, so it is no dependency)
//   node local/github/openapi/extract.ts /tmp/openapi/node_modules/@octokit/openapi
//
// GitHub describes its API in OpenAPI 3.0; ajv wants JSON Schema, so `nullable` becomes a type.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { eventNames } from "../events/event-names.ts";
import { routes } from "../routes/routes.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type Schema = { [key: string]: Json };

const [packageFolder] = process.argv.slice(2);
if (!packageFolder) throw new Error("Could not extract without @octokit/openapi. Give its folder as the argument.");
const source = join(packageFolder, "generated/api.github.com.json");
const api = JSON.parse(await readFile(source, "utf8"));

// GitHub serves repositories by id as well, but does not describe that.
const undescribed: Record<string, string> = { "/repositories/{repository_id}": "/repos/{owner}/{repo}" };

// Of no use to a validator.
const wordsForReaders = ["description", "example", "examples", "deprecated", "externalDocs", "discriminator", "title"];

// Here GitHub says that an account is a user and an enterprise at once; its own `installation` has it right.
const corrections: Record<string, Record<string, Json>> = {
  "GET /app/installations": { "200": { type: "array", items: { $ref: "#/components/schemas/installation" } } },
};

const operations: Record<string, Record<string, Json>> = {};
for (const { method, path } of routes) {
  const name = `${method} ${path}`;
  operations[name] = corrections[name] ?? answersOf(method, undescribed[path] ?? path);
}
const events = Object.fromEntries(eventNames.map((name) => [name, eventSchema(name)]));
const schemas: Schema = {};
for (const name of reachable([operations, events])) schemas[name] = clean(api.components.schemas[name]);

const target = join(import.meta.dirname, "github.json");
await writeFile(target, `${JSON.stringify({ operations, events, components: { schemas } })}\n`);
process.stdout.write(`${target}: ${Object.keys(operations).length} operations, ${Object.keys(schemas).length} schemas\n`);

/** Status → schema of the JSON answer, or null where the answer has no JSON. */
function answersOf(method: string, path: string): Record<string, Json> {
  const operation = api.paths[path]?.[method.toLowerCase()];
  if (!operation) throw new Error(`Expected GitHub to describe ${method} ${path}, got nothing.`);
  const successful = Object.entries<Schema>(operation.responses).filter(([status]) => status.startsWith("2"));
  return Object.fromEntries(
    successful.map(([status, response]) => {
      const content = (response.$ref ? resolve(response.$ref as string) : response).content as Schema | undefined;
      const json = content?.["application/json"] as Schema | undefined;
      return [status, json?.schema ? clean(json.schema) : null];
    }),
  );
}

function eventSchema(name: string): Json {
  const hook = api["x-webhooks"][name.replaceAll(/[._]/g, "-")];
  if (!hook) throw new Error(`Expected GitHub to describe the event ${name}, got nothing.`);
  return clean(hook.post.requestBody.content["application/json"].schema);
}

function resolve(ref: string): Schema {
  return ref
    .slice(2)
    .split("/")
    .reduce((value, key) => value[key], api);
}

// An empty text is no address, and yet what GitHub sends where it says so.
function clean(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(clean);
  if (schema === null || typeof schema !== "object") return schema;
  const entries = Object.entries(schema).filter(
    ([key]) => key !== "nullable" && !wordsForReaders.includes(key) && !key.startsWith("x-") && !(key === "format" && schema.default === ""),
  );
  const cleaned = Object.fromEntries(entries.map(([key, value]) => [key, key === "properties" ? cleanEach(value) : clean(value)]));
  return schema.nullable === true ? nullable(cleaned) : cleaned;
}

// Below `properties` these words are names of fields.
function cleanEach(properties: Json): Json {
  return Object.fromEntries(Object.entries(properties as Schema).map(([name, schema]) => [name, clean(schema)]));
}

function nullable(schema: Schema): Schema {
  const withNull = schema.enum ? { ...schema, enum: [...(schema.enum as Json[]), null] } : schema;
  if (typeof schema.type === "string") return { ...withNull, type: [schema.type, "null"] };
  return { anyOf: [withNull, { type: "null" }] };
}

/** The names of all schemas that these refer to, directly or through others. */
function reachable(roots: Json[]): string[] {
  const found = new Set<string>();
  const queue = [...roots];
  for (const next of queue) {
    for (const [, name = ""] of JSON.stringify(next).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (found.has(name)) continue;
      found.add(name);
      queue.push(clean(api.components.schemas[name]));
    }
  }
  return [...found].sort();
}
