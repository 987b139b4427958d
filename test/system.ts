// The whole system, each part its own process as in production: a GitHub, a model, app, worker and MCP servers.
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { connectGitHub, type GitHubClient } from "../local/github/client.ts";
import type { Script } from "../local/model/script.ts";
import { type Environment, type ProcessName, processSpec } from "../local/processes.ts";
import { type Supervised, supervise } from "../local/supervise.ts";
import { connectDatabase, type Database } from "../shared/db.ts";
import { createGitHubApp } from "../shared/github.ts";
import { createLogger } from "../shared/logger.ts";
import { createDatabase } from "./database.ts";
import { eventually } from "./eventually.ts";
import type { Leader } from "./faults/processes-left.ts";

const run = promisify(execFile);
const secret = "a secret of the tests, 32 bytes!";

export type SystemOptions = {
  /** The replies of the model, in their order or by agent. */
  script: Script;
  /** The files of the repository, by their paths. */
  files: Record<string, string>;
  redisUrl?: string;
  sandbox?: "bwrap" | "none";
  /** More variables for the processes. */
  env?: Environment;
  /** A file that keeps every request to the model, a line for each. */
  recordModel?: string;
  /** A migrated database that is there already; otherwise one is made. */
  databaseUrl?: string;
};

/** How one process is started: with more variables than it would be given, and whom its lines and its end are told. */
export type StartOptions = {
  args?: string[];
  more?: Record<string, string>;
  onLine?(line: string): void;
  onEnd?(): void;
};

export type System = Awaited<ReturnType<typeof startSystem>>;
export type Platform = Awaited<ReturnType<typeof startPlatform>>;

/** Starts everything, with one repository `acme/sample`, where AFU-9 is installed. */
export async function startSystem(options: SystemOptions) {
  const platform = await startPlatform(options);
  const { db, lines, close } = platform;
  const worker = await platform.startWorker().catch(async (error: unknown) => {
    await close();
    throw new Error(`The worker did not start:\n${lines.slice(-30).join("\n")}`, { cause: error });
  });
  return {
    ...platform,
    worker,
    /** Ends a process at once, as a machine that dies does. */
    kill({ pids }: Supervised) {
      for (const pid of Object.values(pids)) process.kill(pid, "SIGKILL");
    },
    /** Waits until an issue's newest execution has ended and its report shows that. */
    finished: (issue: number) =>
      eventually(`the execution for issue ${issue} to end\n${lines.slice(-30).join("\n")}`, async () => {
        const row = await db.prisma.workflowExecution.findFirst({
          where: { issueNumber: issue },
          orderBy: { createdAt: "desc" },
        });
        return row?.finishedAt && row.reported === row.revision ? row : undefined;
      }),
  };
}

/** Starts everything but a worker. */
export async function startPlatform(options: SystemOptions) {
  const folder = await mkdtemp(join(tmpdir(), "afu9-test-"));
  const database = options.databaseUrl
    ? { url: options.databaseUrl, drop: async () => {} }
    : await createDatabase();
  const db = connectDatabase(database.url, { max: 3 });
  const started: Supervised[] = [];
  const lines: string[] = [];
  const leaders: Leader[] = [];
  const close = () => closeAll({ started, db, database, folder });

  async function start(
    name: ProcessName,
    env: Environment,
    { args = [], more = {}, onLine = () => {}, onEnd = () => {} }: StartOptions = {},
  ): Promise<Supervised & { url: string }> {
    const own: Leader[] = [];
    const spec = processSpec(name, { ...process.env, AFU9_LOG_LEVEL: "info", PORT: "0", ...env }, args);
    const supervised = await supervise([{ ...spec, env: { ...spec.env, ...more } }], {
      onLine(process, line) {
        lines.push(`${process} ${line}`);
        onLine(line);
      },
      onEnd() {
        for (const leader of own) leader.endedAt = Date.now();
        onEnd();
      },
    });
    started.push(supervised);
    own.push(...Object.values(supervised.pids).map((pid) => ({ pid })));
    leaders.push(...own);
    return { ...supervised, url: supervised.urls[name] ?? "" };
  }

  try {
    const script = join(folder, "script.json");
    await writeFile(script, JSON.stringify(options.script));
    const [{ url }, model] = await Promise.all([
      start("github", {}, { args: ["--port", "0", "--data", join(folder, "github")] }),
      start(
        "model",
        {},
        {
          args: ["--script", script, ...(options.recordModel ? ["--record", options.recordModel] : [])],
        },
      ),
    ]);
    const github = connectGitHub(url);
    const source = await commitFiles(join(folder, "source"), options.files);
    const installed = await install(github, source);
    const env: Environment = {
      DATABASE_URL: database.url,
      REDIS_URL: options.redisUrl,
      APP_ID: String(installed.app.id),
      PRIVATE_KEY: installed.app.privateKey,
      WEBHOOK_SECRET: secret,
      NO_SMEE_SETUP: "true",
      GITHUB_API_URL: github.apiUrl,
      GITHUB_SERVER_URL: url,
      AFU9_MCP_SECRET: secret,
      AFU9_WORKSPACE_DIR: join(folder, "workspaces"),
      AFU9_SANDBOX: options.sandbox ?? "none",
      ANTHROPIC_API_KEY: "sk-ant-test",
      ANTHROPIC_BASE_URL: model.url,
      OPENAI_API_KEY: "sk-openai-test",
      OPENAI_BASE_URL: `${model.url}/v1`,
      // One person starts everything in the tests of many.
      AFU9_RATE_USER_HOUR: "1000000",
      AFU9_RATE_REPOSITORY_HOUR: "1000000",
      ...options.env,
    };
    const [front, mcpGithub, mcpWorkspace] = await Promise.all([
      start("app", env),
      start("mcp-github", env),
      start("mcp-workspace", env),
    ]);
    const workerEnv = {
      ...env,
      PUBLIC_URL: front.url,
      AFU9_MCP_GITHUB_URL: mcpGithub.url,
      AFU9_MCP_WORKSPACE_URL: mcpWorkspace.url,
    };
    await github.updateApp(installed.app.id, { webhookUrl: `${front.url}/api/webhooks/github` });

    return {
      db,
      databaseUrl: database.url,
      /** The variables of the processes. */
      env,
      github,
      folder,
      appId: installed.app.id,
      app: front,
      lines,
      /** All processes that were started, also those that have ended. */
      leaders,
      source,
      maintainer: installed.maintainer,
      reader: installed.reader,
      /** GitHub, as the App itself sees it. */
      asApp: createGitHubApp(
        {
          APP_ID: installed.app.id,
          PRIVATE_KEY: installed.app.privateKey,
          GITHUB_API_URL: github.apiUrl,
          GITHUB_SERVER_URL: url,
        },
        createLogger("test", "silent"),
      ).asApp,
      /** Another worker beside those that run. */
      startWorker: (how?: StartOptions) => start("worker", workerEnv, how),
      /** Another app. Deliveries go to it once it is told to GitHub. */
      startApp: (how?: StartOptions) => start("app", env, how),
      close,
    };
  } catch (error) {
    await close();
    throw new Error(`The system did not start:\n${lines.slice(-30).join("\n")}`, { cause: error });
  }
}

/** People with their roles, the App with its permissions, and the repository. */
async function install(github: GitHubClient, source: string) {
  const [maintainer, reader] = await Promise.all(
    ["maintainer", "reader"].map((login) => github.createUser({ login })),
  );
  const app = await github.createApp({
    name: "afu-9",
    webhookUrl: "http://127.0.0.1:9/",
    webhookSecret: secret,
    permissions: {
      contents: "write",
      issues: "write",
      pull_requests: "write",
      checks: "write",
      actions: "write",
      members: "read",
      metadata: "read",
    },
    events: [
      ...["issues", "issue_comment", "pull_request", "pull_request_review", "pull_request_review_comment"],
      ...["workflow_run", "check_run", "push", "repository"],
    ],
  });
  const repository = await github.createRepository({ owner: "acme", name: "sample", from: source });
  await github.setCollaborator("acme/sample", "maintainer", "maintain");
  await github.setCollaborator("acme/sample", "reader", "read");
  await github.install({ appId: app.id, owner: "acme", repositories: "all" });
  if (!maintainer || !reader) throw new Error("Expected two users");
  return { app, repository, maintainer: github.as(maintainer.token), reader: github.as(reader.token) };
}

/** Makes a git repository with one commit. */
export async function commitFiles(folder: string, files: Record<string, string>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  const git = (...args: string[]) =>
    run("git", ["-C", folder, "-c", "user.name=test", "-c", "user.email=test@example.com", ...args]);
  await run("git", ["init", "--quiet", "--initial-branch=main", folder]);
  await git("add", "--all");
  await git("commit", "--quiet", "--allow-empty", "-m", "First version");
  return folder;
}

type Started = { started: Supervised[]; db: Database; database: { drop(): Promise<void> }; folder: string };

async function closeAll({ started, db, database, folder }: Started): Promise<void> {
  await Promise.all(started.map((supervised) => supervised.close()));
  await db.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
}
