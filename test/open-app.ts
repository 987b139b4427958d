// The whole of the app in this process: server, rows, queue, Probot and handlers, with a local GitHub that delivers to it.
import { createHmac } from "node:crypto";
import { join } from "node:path";
import { Probot } from "probot";
import { onActionsCall } from "../app/actions/on-call.ts";
import { createHandlers } from "../app/app.ts";
import { budgetedOctokit } from "../app/budgeted-octokit.ts";
import { takenBy } from "../app/commands/taken-names.ts";
import type { AppDeps } from "../app/deps.ts";
import { takeDeliveries } from "../app/intake.ts";
import { takeLabels } from "../app/labels/make-labels.ts";
import { listen } from "../app/listen.ts";
import { createRepositoryConfigs } from "../app/repository-configs.ts";
import { createRepositoryWorkflows } from "../app/repository-workflows.ts";
import { createServer } from "../app/server.ts";
import { saveWorkflows } from "../app/start-execution.ts";
import { openWorld } from "../local/github/testing/world.ts";
import { agentNames } from "../shared/agent-names.ts";
import { connectDatabase } from "../shared/db.ts";
import { createGitHubApp } from "../shared/github.ts";
import { createGitHubBudget } from "../shared/github-budget.ts";
import { createProcessLimits } from "../shared/github-limit-stores.ts";
import { createLogger } from "../shared/logger.ts";
import { createQueues } from "../shared/queue.ts";
import { loadWorkflows } from "../shared/workflow.ts";
import { createDatabase } from "./database.ts";
import { eventually } from "./eventually.ts";
import { fakeDeps } from "./fake-context.ts";

export const actionsSecret = "a secret of the tests for workflows";

export type OpenApp = Awaited<ReturnType<typeof openApp>>;

export async function openApp(more: Partial<Pick<AppDeps, "workflows">> = {}) {
  const root = join(import.meta.dirname, "..");
  const log = createLogger("test", "silent");
  const [database, world] = await Promise.all([createDatabase(), openWorld()]);
  const db = connectDatabase(database.url, { max: 10 });
  const queues = createQueues({ databaseUrl: database.url, log });
  const { id: appId, privateKey, webhookSecret: secret } = world.app;
  const baseUrl = world.github.apiUrl;
  const github = createGitHubApp(
    { APP_ID: appId, PRIVATE_KEY: privateKey, GITHUB_API_URL: baseUrl, GITHUB_SERVER_URL: world.url },
    log,
    { throttle: { enabled: false } },
  );
  const agents = await agentNames(join(root, "agents"));
  const workflows =
    more.workflows ?? (await saveWorkflows(db, await loadWorkflows(join(root, "workflows"), { agents })));
  const deps: AppDeps = fakeDeps({
    ...{ db, queues, workflows, github, appId },
    configs: createRepositoryConfigs(db),
    repositoryWorkflows: createRepositoryWorkflows({ db, taken: takenBy(workflows), agents }),
  });
  const Octokit = budgetedOctokit(createGitHubBudget(createProcessLimits(), log));
  const probot = new Probot({ appId, privateKey, secret, baseUrl, Octokit, log });
  await probot.load(createHandlers(deps));
  const octokitOf = (installation: number) => probot.auth(installation);
  const onActions = (call: { id: string; payload: unknown }) => onActionsCall(call, { deps, octokitOf });
  takeDeliveries({ db, queues, probot, onActions, log });
  takeLabels({ db, queues, github, log });
  const app = createServer({ db, queues, secrets: [secret], actionsSecret, githubUrl: world.url, log });
  const { server, url } = await listen(app, { hostname: "127.0.0.1", port: 0 });
  await world.github.updateApp(appId, { webhookUrl: `${url}/api/webhooks/github` });

  return {
    ...{ db, world, github, deps, url },
    /** Sends one webhook as GitHub does. Gives the status of the answer. */
    async deliver(id: string, event: string, payload: object): Promise<number> {
      const body = JSON.stringify(payload);
      const signature = createHmac("sha256", secret).update(body).digest("hex");
      const headers = {
        "content-type": "application/json",
        "x-github-delivery": id,
        "x-github-event": event,
        "x-hub-signature-256": `sha256=${signature}`,
      };
      return (await fetch(`${url}/api/webhooks/github`, { method: "POST", body, headers })).status;
    },
    /** How the deliveries have ended, once none is open any more. */
    outcomes: () =>
      eventually("all deliveries to be handled", async () => {
        const rows = await db.prisma.webhookDelivery.findMany({
          select: { id: true, event: true, status: true, error: true },
        });
        return rows.some(({ status }) => status === "received") ? undefined : rows;
      }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await queues.close();
      await db.close();
      await world.close();
      await database.drop();
    },
  };
}
