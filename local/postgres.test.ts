import { spawn } from "node:child_process";
import { once } from "node:events";
import { access, mkdir, mkdtemp, readFile, readlink, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import pg from "pg";
import { eventually } from "../test/eventually.ts";
import { type Postgres, type PostgresOptions, startPostgres } from "./postgres.ts";

let folder: string;
const running: Postgres[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "afu9-postgres-test-"));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((postgres) => postgres.stop()));
  await rm(folder, { recursive: true, force: true });
});

async function start(options: Partial<PostgresOptions> = {}): Promise<Postgres> {
  const postgres = await startPostgres({ dataDir: folder, persistent: true, ...options });
  running.push(postgres);
  return postgres;
}

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  // A connection that is lost shows in the next query; without a listener it would end the process.
  const client = new pg.Client(url).on("error", () => {});
  try {
    await client.connect();
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const isThere = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

test("a persistent database keeps its rows and its password, and is written with care", async () => {
  const first = await start();
  await query(first.url, "CREATE TABLE kept AS SELECT 42 AS answer");
  await first.stop();
  await first.exited;

  const { url } = await start();
  expect(new URL(url).password).toBe(new URL(first.url).password);
  expect(await query(url, "SELECT answer FROM kept")).toEqual([{ answer: 42 }]);
  expect(await query(url, "SHOW fsync")).toEqual([{ fsync: "on" }]);
});

test("a persistent database that crashed has every row that was committed", async () => {
  const first = await start();
  await query(first.url, "CREATE TABLE kept AS SELECT 42 AS answer");
  await first.crash();
  const again = await start({ port: Number(new URL(first.url).port) });
  expect(await query(again.url, "SELECT answer FROM kept")).toEqual([{ answer: 42 }]);
});

test("only this machine can reach it, with the password", async () => {
  const { url } = await start();
  expect(await query(url, "SHOW listen_addresses")).toEqual([{ listen_addresses: "127.0.0.1" }]);
  const guessed = new URL(url);
  guessed.password = "postgres";
  await expect(query(guessed.href, "SELECT 1")).rejects.toThrow("password authentication failed");
});

test("a database that is not persistent leaves nothing behind, and ends while somebody is connected", async () => {
  const { url, stop } = await start({ persistent: false });
  const client = new pg.Client(url).on("error", () => {});
  await client.connect();
  await stop();
  await stop();
  expect(await isThere(folder)).toBe(false);
});

test("a directory that a server uses already is refused, and says by whom", async () => {
  await start();
  await expect(start()).rejects.toThrow(/runs on .* already \(process \d+\).*End that one first/);
});

test("the lock of a server that was killed does not prevent a start, even when its number was given away", async () => {
  const first = await start();
  const lock = join(folder, "data/postmaster.pid");
  const [, ...rest] = (await readFile(lock, "utf8")).split("\n");
  await first.stop();
  await writeFile(lock, [process.pid, ...rest].join("\n"), { mode: 0o600 });
  expect(await query((await start()).url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
});

test("a start that was killed half-way does not prevent the next one", async () => {
  await mkdir(join(folder, "data.unfinished/base"), { recursive: true });
  expect(await query((await start()).url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
});

test("a port that is taken is named", async () => {
  const first = await start();
  const port = Number(new URL(first.url).port);
  await expect(start({ dataDir: join(folder, "second"), port })).rejects.toThrow(
    new RegExp(`did not start.*${port}`, "s"),
  );
});

test("a server does not outlive the process that started it, killed as that one may be", async () => {
  const script = `
    import { startPostgres } from ${JSON.stringify(join(import.meta.dirname, "postgres.ts"))};
    const { url } = await startPostgres({ dataDir: ${JSON.stringify(folder)}, persistent: false });
    process.stdout.write(url + "\\n");
    setInterval(() => {}, 1e6);`;
  const parent = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [url] = await once(createInterface(parent.stdout), "line");
  expect(await query(url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);

  parent.kill("SIGKILL");
  await eventually("PostgreSQL to end", () =>
    query(url, "SELECT 1").then(
      () => undefined,
      () => true,
    ),
  );
  await eventually("its files to go", async () => ((await isThere(folder)) ? undefined : true));
});

// Only root starts the server as somebody else.
if (process.getuid?.() === 0) {
  test("as root, a directory that PostgreSQL's account can't enter becomes a link to one that it can", async () => {
    const dataDir = join(folder, "hidden");
    const { url, stop } = await start({ dataDir, persistent: false });
    expect(await query(url, "SELECT 1 AS one")).toEqual([{ one: 1 }]);
    const target = await readlink(dataDir);
    expect(target).toMatch(/^\/var\/lib\/afu9\/postgres-/);
    await stop();
    expect(await isThere(dataDir)).toBe(false);
    expect(await isThere(target)).toBe(false);
  });
}
