// The app's handlers behind a local GitHub: people act by the API, GitHub sends its webhooks, and the rows and replies tell what came of it.

import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { App, Octokit } from "octokit";
import { pino } from "pino";
import { Probot, ProbotOctokit } from "probot";
import { createHandlers } from "../app/app.ts";
import { takenBy } from "../app/commands/taken-names.ts";
import type { AppDeps } from "../app/deps.ts";
import { createOwnBotId } from "../app/own-bot.ts";
import { policySettings } from "../app/policy/policy-settings.ts";
import { createRepositoryConfigs } from "../app/repository-configs.ts";
import { createRepositoryWorkflows } from "../app/repository-workflows.ts";
import { saveWorkflows } from "../app/start-execution.ts";
import { connectGitHub } from "../local/github/client.ts";
import { startGitHub } from "../local/github/start-github.ts";
import { budgetSettings } from "../shared/budget.ts";
import { connectDatabase } from "../shared/db.ts";
import { createGitHubApp } from "../shared/github.ts";
import { createLogger } from "../shared/logger.ts";
import { modelChoiceSettings } from "../shared/models/model-settings.ts";
import { type Role, roles } from "../shared/role.ts";
import { loadWorkflows } from "../shared/workflow.ts";
import { createDatabase } from "./database.ts";
import { commitFiles } from "./system.ts";

const at = { owner: "acme", repo: "sample" };
const secret = "a secret of the tests, 32 bytes!";

type Options = {
  /** The operator's settings of who may do what. */
  policy?: Record<string, string>;
  files?: Record<string, string>;
  private?: boolean;
  /** Whether GitHub lets people assign the App's bot. */
  isAssignable?: boolean;
};

export type FrontDoor = Awaited<ReturnType<typeof openFrontDoor>>;

/** Opens it for `acme/sample`, with one person for each role, called like it. Nobody works on what is started. */
export async function openFrontDoor({
  policy = {},
  files = {},
  private: isPrivate = true,
  isAssignable = false,
}: Options = {}) {
  const folder = await mkdtemp(join(tmpdir(), "afu9-door-"));
  const database = await createDatabase();
  const db = connectDatabase(database.url, { max: 6 });
  const server = await startGitHub({
    port: 0,
    dataDir: join(folder, "github"),
    log: pino({ level: "silent" }),
  });
  const github = connectGitHub(server.url);
  const source = await commitFiles(join(folder, "source"), { "README.md": "# Sample\n", ...files });
  const app = await github.createApp({
    ...{ name: "afu-9", webhookSecret: secret, permissions, events },
    isAssignable,
  });
  await github.createRepository({ ...{ owner: at.owner, name: at.repo }, from: source, private: isPrivate });
  const people = await peopleOf(github);
  await github.install({ appId: app.id, owner: at.owner });

  const local = Octokit.defaults({
    baseUrl: github.apiUrl,
    throttle: { enabled: false },
    retry: { enabled: false },
  });
  const log = createLogger("test", "silent");
  const probot = new Probot({
    ...{ appId: app.id, privateKey: app.privateKey, secret, baseUrl: github.apiUrl, log },
    // A function, because Probot gives its clients options of their own: the local GitHub need not be spared.
    Octokit: ProbotOctokit.defaults((options: object) => ({ ...options, throttle: { enabled: false } })),
  });
  const workflows = await saveWorkflows(db, await loadWorkflows(join(import.meta.dirname, "../workflows")));
  const queues = { nudge: async () => {}, waiting: async () => 0, work() {}, close: async () => {} };
  const deps: AppDeps = {
    github: createGitHubApp(
      {
        ...{ APP_ID: app.id, PRIVATE_KEY: app.privateKey },
        ...{ GITHUB_API_URL: github.apiUrl, GITHUB_SERVER_URL: server.url },
      },
      log,
    ),
    ...{ db, queues, workflows, log, appId: app.id, appSlug: async () => app.slug },
    ownBotId: createOwnBotId(async () => app.slug),
    repositoryWorkflows: createRepositoryWorkflows({ db, taken: takenBy(workflows), agents: [] }),
    configs: createRepositoryConfigs(db),
    serverUrl: server.url,
    budget: budgetSettings.parse({}),
    models: modelChoiceSettings.parse({}),
    policy: policySettings.parse(policy),
  };
  await probot.load(createHandlers(deps));
  const hooks = await takeWebhooks(probot);
  await github.updateApp(app.id, { webhookUrl: hooks.url });

  return {
    ...{ db, github, app, at, deps, people },
    /** Waits until all that people did has been dealt with. Throws what a handler threw. */
    async settle() {
      await github.settleWebhooks();
      if (hooks.faults.length > 0) throw new AggregateError(hooks.faults.splice(0), "A handler failed.");
    },
    async open(as: Role = "admin", text: { title?: string; body?: string } = {}) {
      const { data } = await people[as].rest.issues.create({ ...at, title: "A bug", ...text });
      return data.number;
    },
    /** Another App that is installed here, as its bot. */
    async otherBot(name: string) {
      const other = await github.createApp({ name, permissions });
      const installation = await github.install({ appId: other.id, owner: at.owner });
      const asApp = new App({ ...{ appId: other.id, privateKey: other.privateKey }, Octokit: local });
      return asApp.getInstallationOctokit(installation.id);
    },
    comment: (as: Role, issue_number: number, body: string) =>
      people[as].rest.issues.createComment({ ...at, issue_number, body }),
    label: (as: Role, issue_number: number, ...labels: string[]) =>
      people[as].rest.issues.addLabels({ ...at, issue_number, labels }),
    unlabel: (as: Role, issue_number: number, name: string) =>
      people[as].rest.issues.removeLabel({ ...at, issue_number, name }),
    executions: (issueNumber: number) =>
      db.prisma.workflowExecution.findMany({ where: { issueNumber }, orderBy: { createdAt: "asc" } }),
    async replies(issue_number: number): Promise<string[]> {
      const { data } = await people.admin.rest.issues.listComments({ ...at, issue_number, per_page: 100 });
      return data
        .filter(({ performed_via_github_app: by }) => by?.id === app.id)
        .map(({ body }) => body ?? "");
    },
    async close() {
      await server.close();
      await hooks.close();
      await db.close();
      await database.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const write = ["contents", "issues", "pull_requests", "checks", "actions"];
const permissions = {
  ...Object.fromEntries(write.map((name) => [name, "write" as const])),
  members: "read" as const,
  metadata: "read" as const,
};
const events = [
  ...["issues", "issue_comment", "pull_request", "pull_request_review", "pull_request_review_comment"],
  ...["workflow_run", "push"],
];

/** Each as an Octokit; `none` is a stranger. */
async function peopleOf(github: ReturnType<typeof connectGitHub>) {
  const entries = await Promise.all(
    roles.map(async (role) => {
      const { login, token } = await github.createUser({ login: role });
      if (role !== "none") await github.setCollaborator("acme/sample", login, role);
      return [role, github.as(token)] as const;
    }),
  );
  return Object.fromEntries(entries) as Record<Role, ReturnType<typeof github.as>>;
}

/** An address whose answer comes when the handlers are done. */
async function takeWebhooks(probot: Probot) {
  const faults: unknown[] = [];
  const server = createServer(async (request, response) => {
    const payload = JSON.parse((await buffer(request)).toString());
    const { "x-github-delivery": id = "", "x-github-event": name = "" } = request.headers;
    await probot
      .receive({ id: String(id), name, payload } as Parameters<Probot["receive"]>[0])
      .catch((error: unknown) => faults.push(error));
    response.writeHead(202).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    faults,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
