import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createLogger } from "../../../shared/logger.ts";
import { startModel } from "../start-model.ts";

/** A model with this script, until it is disposed of. */
export async function openModel(script: unknown) {
  const folder = await mkdtemp(join(tmpdir(), "afu9-model-"));
  const file = join(folder, "replies.json");
  await writeFile(file, JSON.stringify(script));
  const model = await startModel({ script: file, port: 0, log: createLogger("model", "silent") });
  return {
    url: model.url,
    async [Symbol.asyncDispose]() {
      await model.close();
      await rm(folder, { recursive: true });
    },
  };
}
