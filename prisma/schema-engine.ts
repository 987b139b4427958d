// Prisma's schema engine as WebAssembly: what the command `prisma migrate` is made of, without its download.
import type { EventEmitter } from "node:events";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import * as bindings from "@prisma/schema-engine-wasm/schema_engine_bg";
import { __wbg_set_wasm, SchemaEngine } from "@prisma/schema-engine-wasm/schema_engine_bg";
import pg from "pg";

/** The part of it that is used here; TypeScript knows it only together with a browser's names. */
declare const WebAssembly: {
  instantiate(
    bytes: Uint8Array,
    imports: object,
  ): Promise<{ instance: { exports: Record<string, unknown> } }>;
};

let loaded: Promise<void> | undefined;

/** Runs `work` with an engine on the database. Schema `datamodel` is what the engine compares with. */
export async function withSchemaEngine<T>(
  databaseUrl: string,
  datamodel: string,
  work: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  loaded ??= load();
  await loaded;
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  pool.on("connect", readCharAsText);
  // A connection that is lost shows in the next query; without a listener it would end the process.
  pool.on("error", () => {});
  const adapter = new PrismaPg(pool);
  const factory = bindMigrationAwareSqlAdapterFactory(adapter);
  const engine = await SchemaEngine.new({ datamodels: [["schema.prisma", datamodel]] }, () => {}, factory);
  try {
    return await work(engine);
  } finally {
    engine.free();
    await pool.end();
  }
}

type RowDescription = { fields: { dataTypeID: number }[] };

/** PostgreSQL's catalog has columns of the type `"char"` (18), which the adapter refuses. They reach it as text (25). */
function readCharAsText(client: pg.PoolClient & { connection?: EventEmitter }): void {
  client.connection?.prependListener("rowDescription", ({ fields }: RowDescription) => {
    for (const field of fields) if (field.dataTypeID === 18) field.dataTypeID = 25;
  });
}

// The package's own entry imports the `.wasm`, which Node does only with a warning.
async function load(): Promise<void> {
  const file = createRequire(import.meta.url)
    .resolve("@prisma/schema-engine-wasm")
    .replace(/\.js$/, "_bg.wasm");
  const imports = Object.entries(bindings).map(([name, value]) => [
    name,
    name.startsWith("__wbg_setTimeout_") ? passingTimeout : value,
  ]);
  const { instance } = await WebAssembly.instantiate(await readFile(file), {
    "./schema_engine_bg.js": Object.fromEntries(imports),
  });
  __wbg_set_wasm(instance.exports);
  if (instance.exports.__wbindgen_start instanceof Function) instance.exports.__wbindgen_start();
}

/** The engine gives up on its lock after ten seconds, and forgets that timer: it shall not keep the process. */
function passingTimeout(work: () => void, milliseconds: number): NodeJS.Timeout {
  return setTimeout(work, milliseconds).unref();
}
