// A running local GitHub with one repository, one App installed on it, one owner, and a webhook address.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Octokit as OctokitCore } from "@octokit/core";
import { App, Octokit } from "octokit";
import { pino } from "pino";
import { connectGitHub } from "../client.ts";
import { startGitHub } from "../start-github.ts";
import { problemsWithAnswer } from "./schemas.ts";
import { copySource } from "./source-repository.ts";
import { receiveWebhooks } from "./webhook-receiver.ts";

export const everyPermission = {
  contents: "write",
  issues: "write",
  pull_requests: "write",
  checks: "write",
  actions: "write",
  deployments: "write",
  members: "read",
} as const;

const everyEvent = [
  ...["issues", "issue_comment", "pull_request", "pull_request_review", "pull_request_review_comment"],
  ...["push", "check_run", "check_suite", "workflow_run", "repository"],
];

export const owner = "octo-org";
export const repo = "sample";

export interface LogLine {
  level: number;
  msg: string;
  method?: string;
  path?: string;
}

export async function openWorld() {
  const folder = await mkdtemp(join(tmpdir(), "local-github-"));
  const logged: LogLine[] = [];
  const log = pino({ level: "info" }, { write: (line: string) => void logged.push(JSON.parse(line)) });
  const server = await startGitHub({ port: 0, dataDir: join(folder, "data"), log });
  const hooks = await receiveWebhooks();
  const github = connectGitHub(server.url);

  const source = await copySource(join(folder, "source"));
  const repository = await github.createRepository({ owner, name: repo, from: source });
  const person = await github.createUser({ login: "maintainer" });
  await github.setCollaborator(`${owner}/${repo}`, person.login, "maintain");
  const app = await github.createApp({
    name: "Test App",
    webhookUrl: hooks.url,
    webhookSecret: "it's a secret",
    permissions: everyPermission,
    events: everyEvent,
  });
  const installation = await github.install({ appId: app.id, owner });

  const problems: string[] = [];
  const operations = new Set<string>();
  const TestOctokit = checkedOctokit(server.url, problems, operations);
  const octokitApp = new App({ appId: app.id, privateKey: app.privateKey, Octokit: TestOctokit });
  return {
    folder,
    source,
    url: server.url,
    logged,
    hooks,
    github,
    repository,
    person,
    app,
    installation,
    octokitApp,
    /** Octokit as the App's installation. */
    octokit: await octokitApp.getInstallationOctokit(installation.id),
    /** Octokit as the person with the role `maintain`. */
    asPerson: new TestOctokit({ auth: person.token }),
    asNobody: new TestOctokit(),
    /** Octokit with a token, for instance a narrowed one. */
    as: (token: string) => new TestOctokit({ auth: token }),
    /** A fresh installation token, narrowed as asked. */
    async token(narrowed: { permissions?: Record<string, string>; repositories?: string[] } = {}) {
      const route = "POST /app/installations/{installation_id}/access_tokens";
      const { data } = await octokitApp.octokit.request(route, {
        installation_id: installation.id,
        ...narrowed,
      });
      return data.token;
    },
    /** What was wrong with the answers since the last look, by GitHub's schemas. */
    newProblems: () => problems.splice(0),
    /** The operations that were answered with success so far. */
    operations,
    async close() {
      await server.close();
      await hooks.close();
      await rm(folder, { recursive: true });
    },
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;

// Answers are what GitHub's own client makes of them: it neither waits nor retries here, and every one is checked.
function checkedOctokit(url: string, problems: string[], operations: Set<string>) {
  const check = (octokit: OctokitCore) => {
    octokit.hook.after("request", (response, { method, url }) => {
      const operation = `${method} ${url}`;
      if (!url.includes("{") && !operation.match(/^\w+ \/(app|user|installation|rate_limit|search)/)) return;
      operations.add(operation);
      if (typeof response.data === "string" && response.data !== "") return; // a raw media type
      problems.push(...problemsWithAnswer(operation, response.status, response.data));
    });
  };
  return Octokit.plugin(check).defaults({
    baseUrl: `${url}/api/v3`,
    throttle: { enabled: false },
    retry: { enabled: false },
  });
}

/** The status of a request that is refused; undefined when it is not. */
export async function refusalOf(
  request: Promise<unknown>,
): Promise<{ status: number; message: string } | undefined> {
  try {
    await request;
    return undefined;
  } catch (error) {
    const { status, response } = error as { status: number; response?: { data: { message: string } } };
    return { status, message: response?.data.message ?? String(error) };
  }
}
