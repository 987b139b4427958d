// A worker without its chores, for one execution: `node agent-worker.ts SETTINGS`, and ends with it.
import { generateKeyPairSync } from "node:crypto";
import { z } from "zod";
import { budgetSettings } from "../shared/budget.ts";
import { connectDatabase } from "../shared/db.ts";
import { createGitHubApp } from "../shared/github.ts";
import { createLogger } from "../shared/logger.ts";
import { modelSettings } from "../shared/models/model-settings.ts";
import { createQueues } from "../shared/queue.ts";
import { createRedact } from "../shared/redact.ts";
import { parseAgent } from "../worker/agent/agent-definition.ts";
import { createLanes } from "../worker/lanes.ts";
import { createModels } from "../worker/llm/create-models.ts";
import { processDue } from "../worker/process-execution.ts";
import { createMcpServers } from "../worker/tools/mcp-servers.ts";
import { openRegistry } from "../worker/tools/registry.ts";

const Settings = z.object({
  databaseUrl: z.string(),
  modelUrl: z.string(),
  secret: z.string(),
  agent: z.string(),
  /** The model's window, where another one is to be measured. */
  window: z.object({ contextTokens: z.number(), maxOutputTokens: z.number() }).optional(),
});
const settings = Settings.parse(JSON.parse(process.argv[2] ?? ""));

const log = createLogger("bench", "silent");
const db = connectDatabase(settings.databaseUrl, { max: 5 });
const queues = createQueues({ databaseUrl: settings.databaseUrl, log });
const mcp = createMcpServers({ log, headerValues: {} });
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const PRIVATE_KEY = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const ANTHROPIC_API_KEY = "sk-ant-a-key-of-the-benchmark";
const model = createModels(
  modelSettings.parse({ ANTHROPIC_API_KEY, ANTHROPIC_BASE_URL: settings.modelUrl }),
  { log },
).modelFor();

/** Runs what is due at each message, until it is told to end. */
process.on("message", async (message) => {
  if (message === "end") return close();
  await processDue(
    {
      ...{ db, queues, mcp, log, secret: settings.secret, registry: openRegistry(db) },
      github: createGitHubApp(
        {
          APP_ID: 1,
          PRIVATE_KEY,
          GITHUB_API_URL: "http://127.0.0.1:9",
          GITHUB_SERVER_URL: "http://127.0.0.1:9",
        },
        log,
      ),
      redact: createRedact([settings.secret, ANTHROPIC_API_KEY, PRIVATE_KEY, settings.databaseUrl]),
      agents: new Map([["bench", parseAgent(settings.agent, "bench")]]),
      models: { modelFor: () => ({ ...model, ...settings.window }) },
      budget: budgetSettings.parse({ AFU9_BUDGET_USD: 1_000 }),
      shutdown: new AbortController().signal,
    },
    createLanes(5),
  );
  process.send?.("done");
});
process.send?.("ready");

async function close(): Promise<void> {
  await queues.close();
  await mcp.close();
  await db.close();
  process.disconnect();
}
