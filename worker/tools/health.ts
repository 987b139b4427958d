// Whether the MCP servers are well, as a worker sees them: looked at now and again, and logged when it changes.
import { messageOf } from "../../shared/errors.ts";
import type { Logger } from "../../shared/logger.ts";
import type { RegisteredServer, Registry } from "./registry.ts";

/** What is wrong with a server; nothing when it is well. */
export type Ailment = string | undefined;

const answerMs = 5_000;
const everyMs = 30_000;

/** Asks a server's `/health`. Those of third parties need not have one. */
export async function checkHealth({ endpoint }: Pick<RegisteredServer, "endpoint">): Promise<Ailment> {
  try {
    const response = await fetch(new URL("/health", endpoint), { signal: AbortSignal.timeout(answerMs) });
    await response.body?.cancel();
    return response.ok ? undefined : `its /health answers with HTTP ${response.status}`;
  } catch (error) {
    return messageOf(error);
  }
}

export type HealthWatch = { stop(): void };

export function watchHealth(registry: Registry, log: Logger, { intervalMs = everyMs } = {}): HealthWatch {
  const ailments = new Map<string, Ailment>();
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  async function look(server: RegisteredServer): Promise<void> {
    const ailment = await checkHealth(server);
    const { name, endpoint } = server;
    const isNews = ailments.has(name)
      ? Boolean(ailments.get(name)) !== Boolean(ailment)
      : ailment !== undefined;
    ailments.set(name, ailment);
    if (!isNews || isStopped) return;
    if (ailment) log.warn({ server: name, endpoint, reason: ailment }, "mcp server is not well");
    else log.info({ server: name, endpoint }, "mcp server is well again");
  }

  async function round(): Promise<void> {
    try {
      const servers = await registry();
      await Promise.all(servers.filter((one) => one.enabled && !one.isThirdParty).map(look));
    } catch (error) {
      log.warn({ error: messageOf(error) }, "health of mcp servers not looked at");
    }
    if (!isStopped) timer = setTimeout(round, intervalMs);
  }

  void round();
  return {
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
