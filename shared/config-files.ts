// Configuration files as GitHub was last seen to have them. While the newest version can't be used, the last one that could
// stays in force.
import type { Pool } from "pg";
import { z } from "zod";
import { type ConfigReader, type FetchedConfig, fetchConfigFile } from "./fetch-config-file.ts";

const Row = z.object({
  text: z.string().nullable(),
  sha: z.string().nullable(),
  commit: z.string().nullable(),
  brokenSha: z.string().nullable(),
  brokenFaults: z.array(z.object({ line: z.number(), message: z.string() })).nullable(),
  etag: z.string().nullable(),
  /** How long ago GitHub was asked; null when it has to be asked anew. */
  age: z.number().nullable(),
});
/** `text` is what is in force, null for the defaults. With `brokenFaults` the newest version is another one. */
export type ConfigFile = z.infer<typeof Row>;

type Queries = Pick<Pool, "query">;
type Place = { owner: string; repo: string };

/** Whose file it is. An owner's holds for all of their repositories. */
export const configSource = {
  repository: (id: number) => `repository:${id}`,
  owner: (login: string) => `owner:${login.toLowerCase()}`,
};

/** Gives the file as it is on GitHub now, or was when GitHub was asked, `maxAge` seconds ago at most. */
export async function readConfigFile(
  pool: Queries,
  source: string,
  { at, octokit, maxAge = 0 }: { at: Place; octokit: ConfigReader; maxAge?: number },
): Promise<ConfigFile> {
  const known = await keptConfigFile(pool, source);
  if (known && known.age !== null && known.age < maxAge) return known;
  await save(pool, source, await fetchConfigFile(octokit, at, known?.etag));
  return (await keptConfigFile(pool, source)) ?? absent;
}

/** The file as it was last seen; undefined when GitHub was never asked. */
export async function keptConfigFile(pool: Queries, source: string): Promise<ConfigFile | undefined> {
  const { rows } = await pool.query(
    `SELECT text, sha, commit, broken_sha AS "brokenSha", broken_faults AS "brokenFaults", etag,
            extract(epoch FROM now() - checked_at)::float8 AS age
       FROM config_files WHERE source = $1`,
    [source],
  );
  return Row.optional().parse(rows[0]);
}

/** A push has changed the file: it is read anew the next time. */
export async function forgetConfigFile(pool: Queries, source: string): Promise<void> {
  await pool.query("UPDATE config_files SET checked_at = NULL WHERE source = $1", [source]);
}

/** Writes down which commit brought the version with this blob. */
export async function saveConfigCommit(
  pool: Queries,
  source: string,
  { sha, commit }: { sha: string; commit: string },
): Promise<void> {
  await pool.query("UPDATE config_files SET commit = $3 WHERE source = $1 AND sha = $2", [
    source,
    sha,
    commit,
  ]);
}

const absent: ConfigFile = {
  text: null,
  sha: null,
  commit: null,
  brokenSha: null,
  brokenFaults: null,
  etag: null,
  age: null,
};

async function save(pool: Queries, source: string, fetched: FetchedConfig): Promise<void> {
  if (fetched.is === "unchanged") {
    await pool.query("UPDATE config_files SET checked_at = now() WHERE source = $1", [source]);
    return;
  }
  if (fetched.is === "broken") {
    await pool.query(
      `INSERT INTO config_files (source, broken_sha, broken_faults, etag, checked_at) VALUES ($1, $2, $3, $4, now())
       ON CONFLICT (source) DO UPDATE SET broken_sha = $2, broken_faults = $3, etag = $4, checked_at = now()`,
      [source, fetched.sha, JSON.stringify(fetched.faults), fetched.etag],
    );
    return;
  }
  const { text, sha, etag } = fetched.is === "usable" ? fetched : { text: null, sha: null, etag: null };
  await pool.query(
    `INSERT INTO config_files AS kept (source, text, sha, etag, checked_at) VALUES ($1, $2, $3, $4, now())
     ON CONFLICT (source) DO UPDATE SET text = $2, sha = $3, etag = $4, checked_at = now(), broken_sha = NULL, broken_faults = NULL,
       commit = CASE WHEN kept.sha = $3 THEN kept.commit END`,
    [source, text, sha, etag],
  );
}
