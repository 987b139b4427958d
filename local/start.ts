// `npm start`: every process of AFU-9 on this machine, supervised, with a PostgreSQL of its own unless one is given. Without a GitHub
// App it is the set-up that runs, until there is one.
import { join, resolve } from "node:path";
import { applyMigrations } from "../prisma/migrate.ts";
import { connectDatabase, type Database } from "../shared/db.ts";
import { messageOf } from "../shared/errors.ts";
import { startPostgres } from "./postgres.ts";
import { addresses } from "./start/addresses.ts";
import { readEnvironment } from "./start/environment.ts";
import { runPhase } from "./start/run-phase.ts";
import { say } from "./start/say.ts";
import { startMode } from "./start/start-mode.ts";
import { checkPorts } from "./start/taken-port.ts";
import { stopSignal } from "./stop-signal.ts";

const root = join(import.meta.dirname, "..");
const data = join(root, ".afu9");
const envFile = resolve(process.env.AFU9_ENV_FILE || join(root, ".env"));
const stop = stopSignal();

await start().catch((error: unknown) => {
  if (stop.aborted) return;
  process.stderr.write(`AFU-9 ended. ${messageOf(error)}\n`);
  process.exitCode = 1;
});

/** Runs until the stop signal. Whatever was started is ended, in the reverse order. */
async function start(): Promise<void> {
  const env = await readEnvironment({ envFile, data });
  startMode(env);
  const { app, servers } = addresses(env);
  await checkPorts([app, ...servers.map(([, address]) => address)]);

  await using running = new AsyncDisposableStack();
  const broken = new AbortController();
  const over = AbortSignal.any([stop, broken.signal]);
  let databaseUrl = env.DATABASE_URL;
  if (!databaseUrl) {
    say("starting PostgreSQL");
    const postgres = await startPostgres({ dataDir: join(data, "postgres"), persistent: true });
    running.defer(() => postgres.stop());
    postgres.exited.then(() => broken.abort(new Error("PostgreSQL ended by itself."))).catch(() => {});
    databaseUrl = postgres.url;
  }
  await applyMigrations(databaseUrl);
  const db = connectDatabase(databaseUrl, { max: 2 });
  running.defer(() => db.close());
  stop.throwIfAborted();

  await runPhases({ DATABASE_URL: databaseUrl, db, over });
  if (!stop.aborted) throw broken.signal.reason;
  say("ending");
}

type Run = { DATABASE_URL: string; db: Database; over: AbortSignal };

/** Begins anew with the settings as they have become. */
async function runPhases({ DATABASE_URL, db, over }: Run): Promise<void> {
  for (let isFirst = true; !over.aborted; isFirst = false) {
    const env = { ...(await readEnvironment({ envFile, data })), DATABASE_URL };
    await runPhase({ env, db, envFile, stop: over, isFirst });
  }
}
