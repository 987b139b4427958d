// `npm start`: every process of AFU-9 on this machine, supervised, with a PostgreSQL of its own unless one is given.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { applyMigrations } from "../prisma/migrate.ts";
import { messageOf } from "../shared/errors.ts";
import { jsonLog, prettyLog } from "./log-line.ts";
import { startPostgres } from "./postgres.ts";
import { type Environment, processSpec } from "./processes.ts";
import { mcpSecret } from "./start/mcp-secret.ts";
import { missingSettings } from "./start/missing-settings.ts";
import { checkPorts } from "./start/taken-port.ts";
import { aborted, stopSignal } from "./stop-signal.ts";
import { supervise } from "./supervise.ts";

const root = join(import.meta.dirname, "..");
const data = join(root, ".afu9");
const deployUrl = "http://127.0.0.1:3002/mcp";
const observabilityUrl = "http://127.0.0.1:3003/mcp";
const stop = stopSignal();

if (existsSync(join(root, ".env"))) process.loadEnvFile(join(root, ".env"));
const missing = missingSettings(process.env);
if (missing) {
  process.stderr.write(`${missing}\n`);
  process.exitCode = 1;
} else {
  await start().catch((error: unknown) => {
    if (stop.aborted) return;
    process.stderr.write(`AFU-9 ended. ${messageOf(error)}\n`);
    process.exitCode = 1;
  });
}

/** Runs until the stop signal. Whatever was started is ended, in the reverse order. */
async function start(): Promise<void> {
  const env = await environment();
  const { app, github, workspace, deploy, observability } = addresses(env);
  // Without a target there is nothing that these two could do.
  const isDeploying = Boolean(env.AFU9_DEPLOY_TARGETS);
  await checkPorts([app, github, workspace, ...(isDeploying ? [deploy, observability] : [])]);

  await using running = new AsyncDisposableStack();
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => {});
  if (!env.DATABASE_URL) {
    say("starting PostgreSQL");
    const postgres = await startPostgres({ dataDir: join(data, "postgres"), persistent: true });
    running.defer(() => postgres.stop());
    postgres.exited.then(() => failure.reject(new Error("PostgreSQL ended by itself."))).catch(() => {});
    env.DATABASE_URL = postgres.url;
  }
  await applyMigrations(env.DATABASE_URL);
  stop.throwIfAborted();

  const supervised = await supervise(
    [
      processSpec("mcp-github", { ...env, HOST: github.host, PORT: String(github.port) }),
      processSpec("mcp-workspace", { ...env, HOST: workspace.host, PORT: String(workspace.port) }),
      ...(isDeploying
        ? [
            processSpec("mcp-deploy", { ...env, HOST: deploy.host, PORT: String(deploy.port) }),
            processSpec("mcp-observability", {
              ...env,
              HOST: observability.host,
              PORT: String(observability.port),
            }),
          ]
        : []),
      processSpec("worker", env),
      processSpec("app", { ...env, PORT: String(app.port) }),
    ],
    { restart: true, signal: stop, onLine: print, onEnd: reportEnd },
  );
  running.defer(() => supervised.close());
  say(`AFU-9 is up. Webhooks arrive at ${supervised.urls.app}/api/webhooks/github. Ctrl-C ends it.`);

  await Promise.race([aborted(stop), failure.promise]);
  say("ending");
}

async function environment(): Promise<Environment> {
  const env: Environment = {
    NO_SMEE_SETUP: "true",
    AFU9_WORKSPACE_DIR: join(data, "workspaces"),
    ...process.env,
  };
  if (env.AFU9_DEPLOY_TARGETS) {
    env.AFU9_MCP_DEPLOY_URL ||= deployUrl;
    env.AFU9_MCP_OBSERVABILITY_URL ||= observabilityUrl;
  }
  env.AFU9_MCP_SECRET ||= await mcpSecret(join(data, "mcp-secret"));
  return env;
}

/** Where the processes listen. The MCP servers do so where the worker looks for them. */
function addresses(env: Environment) {
  const mcp = (variable: string, fallback: string, what: string) => {
    const { hostname: host, port } = new URL(env[variable] || fallback);
    return { host, port: Number(port || 80), variable, what };
  };
  return {
    app: { host: env.HOST || "127.0.0.1", port: Number(env.PORT || 3000), variable: "PORT", what: "the app" },
    github: mcp("AFU9_MCP_GITHUB_URL", "http://127.0.0.1:3001/mcp", "the MCP server github"),
    deploy: mcp("AFU9_MCP_DEPLOY_URL", deployUrl, "the MCP server deploy"),
    observability: mcp("AFU9_MCP_OBSERVABILITY_URL", observabilityUrl, "the MCP server observability"),
    workspace: mcp("AFU9_MCP_WORKSPACE_URL", "http://127.0.0.1:3004/mcp", "the MCP server workspace"),
  };
}

function print(name: string, line: string): void {
  process.stdout.write(`${process.stdout.isTTY ? prettyLog(name, line) : jsonLog(name, line)}\n`);
}

function say(text: string): void {
  print(
    "start",
    JSON.stringify({ level: "info", timestamp: new Date().toISOString(), service: "start", message: text }),
  );
}

function reportEnd(failure: Error, delayMs = 0): void {
  const message = `${failure.message.split("\n")[0]} Starting it again in ${delayMs / 1000} s.`;
  print(
    "start",
    JSON.stringify({ level: "error", timestamp: new Date().toISOString(), service: "start", message }),
  );
}
