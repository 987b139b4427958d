// The whole of AFU-9 on this machine, each part as its own process as in production, beside a local GitHub and model.
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { applyMigrations } from "../../prisma/migrate.ts";
import { budgetVariables } from "../../shared/budget.ts";
import { modelVariables } from "../../shared/models/model-settings.ts";
import { connectGitHub, type GitHubClient, type NewlyMadeApp } from "../github/client.ts";
import { startPostgres } from "../postgres.ts";
import { type Environment, everywhere, processSpec } from "../processes.ts";
import { type ProcessSpec, type Supervised, supervise } from "../supervise.ts";
import type { ModelChoice } from "./arguments.ts";
import type { DemoFolder } from "./folder.ts";
import type { Inputs } from "./inputs.ts";

export type System = AsyncDisposable & {
  github: GitHubClient;
  appId: number;
  databaseUrl: string;
  /** Fails when a process ends by itself. */
  failure: Promise<never>;
};

type Options = {
  folder: DemoFolder;
  inputs: Pick<Inputs, "model" | "sandbox">;
  env: Environment;
  signal: AbortSignal;
  onProgress(text: string): void;
};

export async function startSystem(options: Options): Promise<System> {
  const { folder, inputs, signal, onProgress } = options;
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => {});
  await using starting = new AsyncDisposableStack();
  const onLine = (name: string, line: string) => folder.log(name, line);
  const run = async (specs: ProcessSpec[]): Promise<Supervised> => {
    const supervised = await supervise(specs, { onLine, onEnd: failure.reject, signal });
    starting.defer(supervised.close);
    return supervised;
  };

  onProgress("starting PostgreSQL, a GitHub and a model");
  const base = machine(options.env);
  const github = processSpec("github", base, ["--data", folder.github]);
  const script = inputs.model.provider === "script" ? inputs.model.file : undefined;
  const model = script === undefined ? [] : [processSpec("model", base, ["--script", script])];
  // Both are waited for, also when one of them fails: what was started must be known here to be ended.
  const [database, around] = await Promise.allSettled([
    startDatabase(folder, starting, failure.reject),
    run([github, ...model]),
  ]);
  if (database.status === "rejected") throw database.reason;
  if (around.status === "rejected") throw around.reason;
  signal.throwIfAborted();

  onProgress("starting AFU-9");
  const { urls } = around.value;
  const client = connectGitHub(urls.github ?? "");
  const app = await client.createApp({ name: "AFU-9", webhookSecret: secret(), ...(await appManifest()) });
  const env = {
    ...settings(options, { app, client }),
    ...modelEnvironment(inputs.model, options.env, urls.model),
    DATABASE_URL: database.value,
  };
  const servers = await run(
    (["app", "mcp-github", "mcp-workspace"] as const).map((name) => processSpec(name, env)),
  );
  const parts = {
    PUBLIC_URL: servers.urls.app,
    AFU9_MCP_GITHUB_URL: servers.urls["mcp-github"],
    AFU9_MCP_WORKSPACE_URL: servers.urls["mcp-workspace"],
  };
  await run([processSpec("worker", { ...env, ...parts })]);
  await client.updateApp(app.id, { webhookUrl: `${servers.urls.app}/api/webhooks/github` });

  const running = starting.move();
  return {
    github: client,
    appId: app.id,
    databaseUrl: database.value,
    failure: failure.promise,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

async function startDatabase(
  folder: DemoFolder,
  starting: AsyncDisposableStack,
  onEnd: (failure: Error) => void,
): Promise<string> {
  const postgres = await startPostgres({ dataDir: folder.postgres, persistent: false });
  starting.defer(() => postgres.stop());
  postgres.exited.then(() => onEnd(new Error("PostgreSQL ended by itself."))).catch(onEnd);
  await applyMigrations(postgres.url);
  return postgres.url;
}

type Installed = { app: NewlyMadeApp; client: GitHubClient };

function settings({ env, folder, inputs }: Options, { app, client }: Installed): Environment {
  return {
    ...machine(env),
    PORT: "0",
    NO_SMEE_SETUP: "true",
    APP_ID: String(app.id),
    PRIVATE_KEY: app.privateKey,
    WEBHOOK_SECRET: app.webhookSecret,
    GITHUB_API_URL: client.apiUrl,
    GITHUB_SERVER_URL: client.url,
    AFU9_MCP_SECRET: secret(),
    AFU9_WORKSPACE_DIR: folder.workspaces,
    AFU9_SANDBOX: inputs.sandbox,
    AFU9_SANDBOX_TOOLCHAINS: env.AFU9_SANDBOX_TOOLCHAINS,
  };
}

/** Of this machine's environment only what every process is given. The parts reach each other without a proxy. */
function machine(env: Environment): Environment {
  const given = Object.fromEntries(everywhere.map((name) => [name, env[name]]));
  const noProxy = [env.NO_PROXY ?? env.no_proxy, "127.0.0.1", "localhost"].filter(Boolean).join(",");
  return { ...given, HOST: "127.0.0.1", NO_PROXY: noProxy, no_proxy: noProxy };
}

function modelEnvironment(model: ModelChoice, env: Environment, url: string | undefined): Environment {
  if (model.provider === "script") {
    // A scripted model costs nothing: its estimated cost is not to stop it.
    return { ANTHROPIC_API_KEY: "local-model", ANTHROPIC_BASE_URL: url, AFU9_BUDGET_USD: "100" };
  }
  const names = [...modelVariables, ...budgetVariables];
  const given = Object.fromEntries(names.map((name) => [name, env[name]]));
  return { ...given, AFU9_MODEL_PROVIDER: model.provider };
}

const Manifest = z.object({
  default_permissions: z.record(z.string(), z.enum(["read", "write", "admin"])),
  default_events: z.array(z.string()),
});

/** The App is made from the same file that a person registers it from. */
async function appManifest() {
  const text = await readFile(join(import.meta.dirname, "../../app.yml"), "utf8");
  const { default_permissions: permissions, default_events: events } = Manifest.parse(parse(text));
  return { permissions, events };
}

function secret(): string {
  return randomBytes(32).toString("hex");
}
