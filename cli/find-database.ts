import { join } from "node:path";
import pg from "pg";
import { findRunning } from "../local/postgres/running.ts";
import { messageOf } from "../shared/errors.ts";
import { Unreachable } from "./exit-codes.ts";

type Place = { env: NodeJS.ProcessEnv; root: string };

const patienceMs = 5_000;

/** Gives the connection string of a database that answers and holds AFU-9's tables. It never starts one. */
export async function findDatabase({ env, root }: Place): Promise<string> {
  const url = env.DATABASE_URL || (await embedded(root));
  await check(url, env.DATABASE_URL ? "Check DATABASE_URL." : startIt);
  return url;
}

const startIt = "Start it with `npm start`, or set DATABASE_URL.";

async function embedded(root: string): Promise<string> {
  const dataDir = join(root, ".afu9", "postgres");
  const url = await findRunning(dataDir).catch((error: unknown) => {
    throw new Unreachable(
      `The PostgreSQL of \`npm start\` can't be found: ${messageOf(error)}. Use the account that ran \`npm start\`, or set DATABASE_URL.`,
    );
  });
  if (!url) throw new Unreachable(`There is no database: no PostgreSQL runs on ${dataDir}. ${startIt}`);
  return url;
}

async function check(url: string, advice: string): Promise<void> {
  const client = clientFor(url);
  try {
    await client.connect();
    const { rows } = await client.query<{ hasTables: boolean }>(
      `SELECT to_regclass('execution_controls') IS NOT NULL AS "hasTables"`,
    );
    if (rows[0]?.hasTables) return;
  } catch (error) {
    throw new Unreachable(`The database ${placeOf(url)} can't be reached: ${reasonOf(error)}. ${advice}`);
  } finally {
    await client.end().catch(() => {});
  }
  throw new Unreachable(
    `The database ${placeOf(url)} does not have this version's tables. \`npm run migrate\` makes them, and so does \`npm start\`.`,
  );
}

function clientFor(url: string): pg.Client {
  try {
    // A connection that is lost shows in the next query; without a listener it would end the process.
    return new pg.Client({ connectionString: url, connectionTimeoutMillis: patienceMs }).on(
      "error",
      () => {},
    );
  } catch {
    throw new Unreachable(
      "DATABASE_URL is not a connection string. Expected postgresql://USER:PASSWORD@HOST/NAME.",
    );
  }
}

/** A refused connection to several addresses is an error without words of its own. */
function reasonOf(error: unknown): string {
  const message = error instanceof AggregateError ? error.errors.map(messageOf).join(", ") : messageOf(error);
  return message.replace(/\.$/, "");
}

/** Where a database is, without who and with which password. */
function placeOf(url: string): string {
  if (!URL.canParse(url)) return "in DATABASE_URL";
  const { hostname, port, pathname } = new URL(url);
  return `${decodeURIComponent(pathname.slice(1))} at ${hostname}:${port || 5432}`;
}
