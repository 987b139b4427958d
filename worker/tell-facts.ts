import type { Database } from "../shared/db.ts";
import { keepBeating } from "../shared/heartbeat.ts";
import type { Logger } from "../shared/logger.ts";
import { ownModel } from "../shared/models/choose-model.ts";
import type { ModelSettings } from "../shared/models/model-settings.ts";
import type { WorkerFacts } from "../shared/process-facts.ts";
import { checkKey } from "./llm/check-key.ts";
import { checkHealth } from "./tools/health.ts";
import type { Registry } from "./tools/registry.ts";

/** A key that was good is asked about again after so long; one that was not, with every heartbeat. */
const keyGoodMs = 10 * 60_000;

type Deps = { db: Database; registry: Registry; models: ModelSettings; log: Logger };

/** Says every few seconds that a worker is up, whether its model's key is good, and how its MCP servers are. */
export function tellFacts({ db, registry, models, log }: Deps): { stop(): Promise<void> } {
  let keyGoodUntil = 0;
  async function keyFault(): Promise<string | null> {
    if (performance.now() < keyGoodUntil) return null;
    const fault = await checkKey(models);
    if (!fault) keyGoodUntil = performance.now() + keyGoodMs;
    return fault ?? null;
  }
  async function facts(): Promise<WorkerFacts> {
    const { provider, name } = ownModel(models);
    const own = (await registry()).filter(({ enabled, isThirdParty }) => enabled && !isThirdParty);
    const servers = own.map(async (server) => [server.name, (await checkHealth(server)) ?? null] as const);
    return {
      model: `${provider}:${name}`,
      keyFault: await keyFault(),
      servers: Object.fromEntries(await Promise.all(servers)),
    };
  }
  return keepBeating({ db, service: "worker", facts, log });
}
