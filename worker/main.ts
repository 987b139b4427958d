// Runs executions: the engine, the agents and the reports.
import { join } from "node:path";
import closeWithGrace from "close-with-grace";
import { z } from "zod";
import { budgetSettings } from "../shared/budget.ts";
import { processSettings, readConfig } from "../shared/config.ts";
import { connectDatabase } from "../shared/db.ts";
import { messageOf } from "../shared/errors.ts";
import { createGitHubApp, githubSettings, privateKeyOf } from "../shared/github.ts";
import { createDatabaseLimits } from "../shared/github-limit-stores.ts";
import { keepHouse } from "../shared/housekeeping.ts";
import { createLogger } from "../shared/logger.ts";
import { modelSettings } from "../shared/models/model-settings.ts";
import { createQueues } from "../shared/queue.ts";
import { createRedact } from "../shared/redact.ts";
import { loadAgents } from "./agent/agent-definition.ts";
import { workerChores } from "./housekeeping/chores.ts";
import { createModels } from "./llm/create-models.ts";
import { takeExecutions } from "./process-execution.ts";
import { takeReports } from "./report/report.ts";
import { tellFacts } from "./tell-facts.ts";
import { watchHealth } from "./tools/health.ts";
import { createMcpServers } from "./tools/mcp-servers.ts";
import { openRegistry, registerOwnServers } from "./tools/registry.ts";
import { readHeaderValues } from "./tools/request-headers.ts";

try {
  await start();
} catch (error) {
  process.stderr.write(`The worker did not start. ${messageOf(error)}\n`);
  process.exit(1);
}

/** Runs until a signal ends it. */
async function start(): Promise<void> {
  const settings = readConfig(
    z.object({
      ...processSettings.shape,
      ...githubSettings.shape,
      ...modelSettings.shape,
      ...budgetSettings.shape,
      DATABASE_URL: z.string(),
      REDIS_URL: z.string().optional(),
      AFU9_MCP_SECRET: z.string().min(16),
      AFU9_MCP_GITHUB_URL: z.url().default("http://127.0.0.1:3001/mcp"),
      AFU9_MCP_DEPLOY_URL: z.url().optional(),
      AFU9_MCP_OBSERVABILITY_URL: z.url().optional(),
      AFU9_MCP_WORKSPACE_URL: z.url().default("http://127.0.0.1:3004/mcp"),
      AFU9_WORKER_CONCURRENCY: z.coerce.number().int().positive().default(5),
    }),
    process.env,
  );
  const headerValues = readHeaderValues(process.env);
  const redact = createRedact([
    ...[settings.AFU9_MCP_SECRET, settings.ANTHROPIC_API_KEY, settings.OPENAI_API_KEY],
    ...[privateKeyOf(settings), settings.DATABASE_URL, settings.REDIS_URL],
    ...Object.values(headerValues),
  ]);
  const log = createLogger("worker", settings.AFU9_LOG_LEVEL, redact);
  const db = connectDatabase(settings.DATABASE_URL);
  const queues = createQueues({ databaseUrl: settings.DATABASE_URL, redisUrl: settings.REDIS_URL, log });
  const github = createGitHubApp(settings, log, { limits: createDatabaseLimits(db.pool), redact });
  const models = createModels(settings, { log });
  const model = models.modelFor();
  const shutdown = new AbortController();
  const mcp = createMcpServers({ log, headerValues });
  const registry = openRegistry(db);
  await registerOwnServers(db, {
    github: settings.AFU9_MCP_GITHUB_URL,
    deploy: settings.AFU9_MCP_DEPLOY_URL,
    observability: settings.AFU9_MCP_OBSERVABILITY_URL,
    workspace: settings.AFU9_MCP_WORKSPACE_URL,
  });

  takeExecutions(
    {
      db,
      queues,
      github,
      registry,
      mcp,
      secret: settings.AFU9_MCP_SECRET,
      redact,
      agents: await loadAgents(join(import.meta.dirname, "../agents")),
      models,
      budget: settings,
      publicUrl: settings.PUBLIC_URL,
      shutdown: shutdown.signal,
      log,
    },
    settings.AFU9_WORKER_CONCURRENCY,
  );
  const reports = {
    db,
    queues,
    github,
    publicUrl: settings.PUBLIC_URL,
    serverUrl: settings.GITHUB_SERVER_URL,
    log,
  };
  takeReports(reports);
  const health = watchHealth(registry, log);
  const facts = tellFacts({ db, registry, models: settings, log });
  const housekeeping = keepHouse("worker-chores", workerChores(reports), { queues, log });
  log.info({ provider: model.provider, model: model.name }, "ready");

  closeWithGrace({ delay: 10_000, logger: false }, async ({ err }) => {
    if (err) log.error({ error: err.message, stack: err.stack }, "process failed");
    housekeeping.stop();
    health.stop();
    await facts.stop();
    shutdown.abort(new Error("The worker is stopping."));
    await queues.close();
    await mcp.close();
    await db.close();
  });
}
