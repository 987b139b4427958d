// A real PostgreSQL 15 from npm, for a machine that has only Node. It ends with the process that started it.
import { randomBytes } from "node:crypto";
import { chmod, chown, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import pg from "pg";
import { findBinaries } from "./postgres/binaries.ts";
import { type Home, openHome } from "./postgres/home.ts";
import { freeLock } from "./postgres/lock.ts";
import { addressOf, database, user } from "./postgres/running.ts";
import { initialise, launch, type PostgresServer } from "./postgres/server.ts";

export type PostgresOptions = {
  /** Where everything is kept. As root it may become a link, see `openHome`. */
  dataDir: string;
  /** 0 takes a free port. */
  port?: number;
  /** A database that is not persistent is removed by `stop`, and is not written with care: it can't survive a power cut. */
  persistent: boolean;
};

export type Postgres = {
  /** The connection string of the database `afu9`, for its superuser. Only this machine can reach it. */
  url: string;
  /** Settles when the server has ended, for whatever reason. */
  exited: Promise<void>;
  /** Disconnects everybody and ends the server, in 20 seconds at most. */
  stop(): Promise<void>;
  /** Ends the server at once, as a crash does (`pg_ctl stop -m immediate`), and keeps its files. */
  crash(): Promise<void>;
};

/** Starts the server on `dataDir`, and makes the database when it is not there yet. */
export async function startPostgres({ dataDir, port = 0, persistent }: PostgresOptions): Promise<Postgres> {
  const home = await openHome(dataDir);
  const remove = () => removeAll(persistent ? [] : home.paths);
  try {
    const binaries = await findBinaries(home);
    const password = await initialiseOnce(home, binaries.initdb);
    await freeLock(home.data);
    const server = await launch({ home, postgres: binaries.postgres, port, persistent });
    const address = addressOf({ password, port: server.port });
    await createDatabase(`${address}/postgres`, server);
    const stop = () => server.stop().then(remove).finally(server.release);
    const crash = () => server.abort().finally(server.release);
    return { url: `${address}/${database}`, exited: server.exited, stop, crash };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Gives the password. A run that was killed half-way leaves nothing that a later one takes for a database. */
async function initialiseOnce(home: Home, initdb: string): Promise<string> {
  const passwordFile = join(home.base, "password");
  const version = await readFile(join(home.data, "PG_VERSION"), "utf8").catch(() => undefined);
  if (version?.trim() === "15") return (await readFile(passwordFile, "utf8")).trim();
  if (version) {
    throw new Error(
      `${home.data} was made by PostgreSQL ${version.trim()}, and this is 15. Dump it with that version, or use another directory.`,
    );
  }

  const password = randomBytes(24).toString("hex");
  await writeFile(passwordFile, password, { mode: 0o600 });
  await chmod(passwordFile, 0o600);
  if (home.user) await chown(passwordFile, home.user.uid, home.user.gid);
  const unfinished = `${home.data}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await initialise({ home, initdb, data: unfinished, passwordFile, user });
  await rename(unfinished, home.data);
  return password;
}

async function createDatabase(url: string, server: PostgresServer): Promise<void> {
  // A connection that is lost shows in the next query; without a listener it would end the process.
  const client = new pg.Client(url).on("error", () => {});
  try {
    await client.connect();
    const { rowCount } = await client.query("SELECT FROM pg_database WHERE datname = $1", [database]);
    if (!rowCount) await client.query(`CREATE DATABASE ${database}`);
  } catch (error) {
    await server.stop().finally(server.release);
    throw error;
  } finally {
    await client.end();
  }
}

async function removeAll(paths: string[]): Promise<void> {
  for (const path of paths) await rm(path, { recursive: true, force: true });
}
