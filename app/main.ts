// The front door: takes webhooks, decides what they start, and answers people.
import { join } from "node:path";
import closeWithGrace from "close-with-grace";
import { Probot } from "probot";
import { z } from "zod";
import { agentNames } from "../shared/agent-names.ts";
import { budgetSettings } from "../shared/budget.ts";
import { port, processSettings, readConfig } from "../shared/config.ts";
import { connectDatabase } from "../shared/db.ts";
import { messageOf } from "../shared/errors.ts";
import { createGitHubApp, githubSettings, privateKeyOf } from "../shared/github.ts";
import { createGitHubBudget } from "../shared/github-budget.ts";
import { createDatabaseLimits } from "../shared/github-limit-stores.ts";
import { keepHouse } from "../shared/housekeeping.ts";
import { createLogger } from "../shared/logger.ts";
import { modelChoiceSettings } from "../shared/models/model-settings.ts";
import { createQueues } from "../shared/queue.ts";
import { createRedact } from "../shared/redact.ts";
import { loadWorkflows } from "../shared/workflow.ts";
import { onActionsCall } from "./actions/on-call.ts";
import { createHandlers } from "./app.ts";
import { budgetedOctokit } from "./budgeted-octokit.ts";
import { takenBy } from "./commands/taken-names.ts";
import type { AppDeps } from "./deps.ts";
import { appChores } from "./housekeeping/chores.ts";
import { takeDeliveries } from "./intake.ts";
import { takeLabels } from "./labels/make-labels.ts";
import { listen } from "./listen.ts";
import { createAppSlug, createOwnBotId } from "./own-bot.ts";
import { policySettings } from "./policy/policy-settings.ts";
import { createRepositoryConfigs } from "./repository-configs.ts";
import { createRepositoryWorkflows } from "./repository-workflows.ts";
import { createServer } from "./server.ts";
import { serveSetup } from "./setup/serve-setup.ts";
import { saveWorkflows } from "./start-execution.ts";

try {
  await start();
} catch (error) {
  process.stderr.write(`The app did not start. ${messageOf(error)}\n`);
  process.exit(1);
}

/** Runs until a signal ends it. */
async function start(): Promise<void> {
  const settings = readConfig(
    z.object({
      ...processSettings.shape,
      ...githubSettings.shape,
      ...budgetSettings.shape,
      ...modelChoiceSettings.shape,
      ...policySettings.shape,
      PORT: port.default(3000),
      DATABASE_URL: z.string(),
      REDIS_URL: z.string().optional(),
      WEBHOOK_SECRET: z.string().min(16),
      WEBHOOK_SECRET_PREVIOUS: z.string().min(16).optional(),
      AFU9_ACTIONS_SECRET: z.string().min(32).optional(),
      AFU9_RETENTION_DAYS: z.coerce.number().int().min(7).default(90),
    }),
    process.env,
  );
  const redact = createRedact([
    settings.WEBHOOK_SECRET,
    settings.WEBHOOK_SECRET_PREVIOUS,
    settings.AFU9_ACTIONS_SECRET,
    privateKeyOf(settings),
    settings.DATABASE_URL,
    settings.REDIS_URL,
  ]);
  const log = createLogger("app", settings.AFU9_LOG_LEVEL, redact);
  const db = connectDatabase(settings.DATABASE_URL);
  const queues = createQueues({ databaseUrl: settings.DATABASE_URL, redisUrl: settings.REDIS_URL, log });
  const root = join(import.meta.dirname, "..");
  const agents = await agentNames(join(root, "agents"));
  const workflows = await saveWorkflows(db, await loadWorkflows(join(root, "workflows"), { agents }));
  const repositoryWorkflows = createRepositoryWorkflows({ db, taken: takenBy(workflows), agents });

  const limits = createDatabaseLimits(db.pool);
  const github = createGitHubApp(settings, log, { limits, redact });
  const probot = new Probot({
    appId: settings.APP_ID,
    privateKey: privateKeyOf(settings),
    secret: settings.WEBHOOK_SECRET,
    baseUrl: settings.GITHUB_API_URL,
    Octokit: budgetedOctokit(createGitHubBudget(limits, log), redact),
    log,
  });
  const appSlug = createAppSlug(github.asApp);
  const deps: AppDeps = {
    db,
    queues,
    workflows,
    repositoryWorkflows,
    configs: createRepositoryConfigs(db),
    github,
    appId: settings.APP_ID,
    appSlug,
    ownBotId: createOwnBotId(appSlug),
    serverUrl: settings.GITHUB_SERVER_URL,
    budget: settings,
    models: settings,
    policy: settings,
    log,
  };
  await probot.load(createHandlers(deps));
  const octokitOf = (installation: number) => probot.auth(installation);
  takeDeliveries({
    ...{ db, queues, probot, log },
    onActions: (call) => onActionsCall(call, { deps, octokitOf }),
  });
  takeLabels({ db, queues, github, log });
  const chores = appChores({
    db,
    queues,
    github,
    retentionDays: settings.AFU9_RETENTION_DAYS,
    log,
  });
  const housekeeping = keepHouse("app-chores", chores, { queues, log });

  const secrets = [settings.WEBHOOK_SECRET, settings.WEBHOOK_SECRET_PREVIOUS].filter(
    (one) => one !== undefined,
  );
  const githubUrl = settings.GITHUB_SERVER_URL;
  const checklist = { kind: "checklist", deps: { db, asApp: github.asApp, githubUrl } } as const;
  const setup = serveSetup({ db, log, publicUrl: settings.PUBLIC_URL, githubUrl, phase: checklist });
  const actionsSecret = settings.AFU9_ACTIONS_SECRET;
  const { server, url } = await listen(
    createServer({ db, queues, secrets, actionsSecret, githubUrl, setup, log }),
    { hostname: settings.HOST, port: settings.PORT },
  );
  log.info({ url }, "listening");

  closeWithGrace({ delay: 10_000, logger: false }, async ({ err }) => {
    if (err) log.error({ error: err.message, stack: err.stack }, "process failed");
    // A request that is being taken gets its answer: GitHub does not send it again by itself.
    const answered = new Promise((resolve) => server.close(resolve));
    housekeeping.stop();
    await Promise.all([queues.close(), answered]);
    await db.close();
  });
}
