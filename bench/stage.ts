// What the workers of a benchmark need around them, on this machine alone: PostgreSQL, the queue, a GitHub, a model and
// tools that take their time.
import { appendFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectGitHub } from "../local/github/client.ts";
import { type Environment, type ProcessName, processSpec } from "../local/processes.ts";
import { supervise } from "../local/supervise.ts";
import { connectDatabase, type Database } from "../shared/db.ts";
import { createLogger } from "../shared/logger.ts";
import { createQueues, type Queues } from "../shared/queue.ts";
import { startRedis } from "../test/redis.ts";
import type { Backend } from "./benchmark.ts";
import { openDatabase } from "./database.ts";
import { type Place, start } from "./executions.ts";
import { serveSlowly } from "./slow-servers.ts";
import { startWorker, type WorkerProcess } from "./worker-process.ts";

const secret = "a secret of the benchmarks, 32 bytes";
/** What all processes say, for when something does not work. */
export const logFile = join(import.meta.dirname, "../.afu9/bench.log");

export type Stage = AsyncDisposable & {
  db: Database;
  queues: Queues;
  databaseUrl: string;
  redisUrl?: string;
  /** How many repositories there are, each of an installation of its own. */
  places: number;
  /** Opens an issue and starts an execution for it. Gives the execution's id. */
  start(source: string, place?: number): Promise<string>;
  /** Starts many, ten at a time, each in the next of these places. */
  startMany(source: string, count: number, places: number[]): Promise<string[]>;
  startWorker(): Promise<WorkerProcess>;
};

export type StageOptions = { backend: Backend; signal: AbortSignal; places?: number };

export async function openStage({ backend, signal, places = 4 }: StageOptions): Promise<Stage> {
  await using starting = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "afu9-bench-"));
  starting.defer(() => rm(folder, { recursive: true, force: true }));
  await mkdir(join(logFile, ".."), { recursive: true });
  const onLine = (name: string, line: string) => appendFileSync(logFile, `${name} ${line}\n`);

  const database = starting.use(await openDatabase());
  const redis = backend === "redis" ? await startRedis() : undefined;
  if (redis) starting.defer(redis.stop);
  const servers = starting.use(await serveSlowly(secret));
  async function run(name: ProcessName, args: string[]): Promise<string> {
    const supervised = await supervise([processSpec(name, process.env, args)], {
      signal,
      onLine,
      onEnd: () => {},
    });
    starting.defer(supervised.close);
    return supervised.urls[name] ?? "";
  }
  const script = join(folder, "script.json");
  await writeFile(script, JSON.stringify(Array.from({ length: 2000 }, (_, turn) => look(turn))));
  const modelUrl = await run("model", ["--script", script]);
  const github = await settle(await run("github", ["--port", "0", "--data", join(folder, "github")]), places);

  const db = connectDatabase(database.url, { max: 5 });
  starting.defer(db.close);
  const key = { name: "bench", endpoint: servers.bench };
  await db.prisma.mcpServer.create({ data: { ...key, timeoutMs: 3_600_000, retries: 0 } });
  const log = createLogger("bench", "silent");
  const queues = createQueues({ databaseUrl: database.url, redisUrl: redis?.url, log });
  starting.defer(queues.close);
  const env: Environment = {
    ...process.env,
    AFU9_LOG_LEVEL: "info",
    DATABASE_URL: database.url,
    REDIS_URL: redis?.url,
    APP_ID: String(github.app.id),
    PRIVATE_KEY: github.app.privateKey,
    GITHUB_API_URL: github.apiUrl,
    AFU9_MCP_SECRET: secret,
    AFU9_MCP_WORKSPACE_URL: servers.workspace,
    AFU9_MODEL_PROVIDER: "anthropic",
    AFU9_MODEL: undefined,
    // Nothing is paid: no account of a benchmark is to run out.
    AFU9_BUDGET_USD: "1000000",
    ANTHROPIC_API_KEY: "sk-ant-bench",
    ANTHROPIC_BASE_URL: modelUrl,
  };

  async function startOne(source: string, place = 0): Promise<string> {
    const at = github.places[place];
    if (!at) throw new Error(`Expected a place below ${places}, got ${place}.`);
    return start(source, at, await github.openIssue(at), { db, queues });
  }
  const running = starting.move();
  return {
    db,
    queues,
    databaseUrl: database.url,
    redisUrl: redis?.url,
    places,
    start: startOne,
    async startMany(source, count, inTurn) {
      const ids: string[] = [];
      while (ids.length < count) {
        signal.throwIfAborted();
        const batch = Array.from({ length: Math.min(10, count - ids.length) }, (_, number) =>
          startOne(source, inTurn[(ids.length + number) % inTurn.length]),
        );
        ids.push(...(await Promise.all(batch)));
      }
      return ids;
    },
    async startWorker() {
      const worker = await startWorker({ env, signal, onLine });
      running.defer(worker.close);
      return worker;
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** A turn of the model that looks at something and never comes to an end. */
const look = (turn: number) => ({
  text: "I look.",
  calls: [{ name: "readFile", input: { path: `${turn}.js` } }],
});

/** Installs an App in places of its own. */
async function settle(url: string, count: number) {
  const github = connectGitHub(url);
  await github.setLimits({ requestsPerHour: 10_000_000, contentPerMinute: null });
  const person = github.as((await github.createUser({ login: "bench" })).token);
  const permissions = { issues: "write", checks: "write", contents: "read", metadata: "read" } as const;
  const app = await github.createApp({ name: "AFU-9", permissions });
  const places: Place[] = [];
  for (let number = 0; number < count; number++) {
    const [owner, name] = [`owner-${number}`, "sample"];
    const { id } = await github.createRepository({ owner, name });
    await github.setCollaborator(`${owner}/${name}`, "bench", "maintain");
    const installation = await github.install({ appId: app.id, owner });
    places.push({ installation: installation.id, repository: { id, owner, name } });
  }
  return {
    app,
    apiUrl: github.apiUrl,
    places,
    async openIssue({ repository }: Place): Promise<number> {
      const at = { owner: repository.owner, repo: repository.name };
      return (await person.rest.issues.create({ ...at, title: "To be measured" })).data.number;
    },
  };
}
