// Prisma's schema engine as WebAssembly: what the command `prisma migrate` is made of, without its download.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import { __wbg_set_wasm, SchemaEngine } from "@prisma/schema-engine-wasm/schema_engine_bg";
import * as bindings from "@prisma/schema-engine-wasm/schema_engine_bg";

let loaded: Promise<void> | undefined;

/** Runs `work` with an engine on the database. Schema `datamodel` is what the engine compares with. */
export async function withSchemaEngine<T>(
  databaseUrl: string,
  datamodel: string,
  work: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  loaded ??= load();
  await loaded;
  const adapter = new PrismaPg({ connectionString: databaseUrl, max: 1 });
  const factory = bindMigrationAwareSqlAdapterFactory(adapter);
  const engine = await SchemaEngine.new({ datamodels: [["schema.prisma", datamodel]] }, () => {}, factory);
  try {
    return await work(engine);
  } finally {
    engine.free();
  }
}

// The package's own entry imports the `.wasm`, which Node does only with a warning.
async function load(): Promise<void> {
  const file = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm").replace(/\.js$/, "_bg.wasm");
  const { instance } = await WebAssembly.instantiate(await readFile(file), { "./schema_engine_bg.js": { ...bindings } });
  __wbg_set_wasm(instance.exports);
  if (instance.exports.__wbindgen_start instanceof Function) instance.exports.__wbindgen_start();
}
