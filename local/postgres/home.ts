// Where the embedded PostgreSQL lives, and as whom it runs: it refuses to run as root.
import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmod, chown, mkdir, realpath, rmdir, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { messageOf } from "../../shared/errors.ts";

const run = promisify(execFile);

/** A place below which every user may be given a directory, for when the wished one is hidden from all but root. */
const reachableRoot = "/var/lib/afu9";
const accountName = "postgres";

export type Account = { uid: number; gid: number };

export type Home = {
  /** The directory that holds everything of this server. */
  base: string;
  /** PostgreSQL's own directory in it. */
  data: string;
  /** Who runs the server, where it is not the current user. */
  user: Account | undefined;
  /** What has to be removed so that nothing is left. */
  paths: string[];
};

/**
 * Makes the directory ready. As root, the server runs as the user `postgres`, who can't enter directories such as
 * `/root`: then the files are in `/var/lib/afu9` and `dataDir` becomes a link to them.
 */
export async function openHome(dataDir: string): Promise<Home> {
  await mkdir(dataDir, { recursive: true });
  const wished = await realpath(dataDir);
  if (process.getuid?.() !== 0) return home(wished, dataDir);

  const user = await postgresAccount();
  const base = mayEnter(dirname(wished), user) ? wished : await moveTo(dataDir, wished);
  await chown(base, user.uid, user.gid);
  await chmod(base, 0o700);
  return home(base, dataDir, user);
}

/** Whether the account can enter a directory, or run a program. Asks the system, which knows of more than modes. */
export function mayEnter(path: string, user: Account): boolean {
  return spawnSync("test", ["-x", path], { ...user, cwd: "/" }).status === 0;
}

function home(base: string, dataDir: string, user?: Account): Home {
  return { base, data: join(base, "data"), user, paths: [base, dataDir] };
}

async function moveTo(dataDir: string, wished: string): Promise<string> {
  const name = createHash("sha256").update(wished).digest("hex").slice(0, 12);
  const base = join(reachableRoot, `postgres-${name}`);
  await mkdir(base, { recursive: true });
  // Refused when it is not empty: nothing is lost.
  await rmdir(dataDir);
  await symlink(base, dataDir);
  return base;
}

async function postgresAccount(): Promise<Account> {
  try {
    await run("id", ["-u", accountName]).catch(() =>
      run("useradd", ["--system", "--user-group", "--no-create-home", "--home-dir", "/", accountName]),
    );
    const [uid, gid] = await Promise.all(["-u", "-g"].map((flag) => run("id", [flag, accountName])));
    return { uid: Number(uid?.stdout), gid: Number(gid?.stdout) };
  } catch (error) {
    throw new Error(
      `PostgreSQL does not run as root, and the user "${accountName}" could not be created: ${messageOf(error)}. ` +
        "Start AFU-9 as another user, or set DATABASE_URL to a PostgreSQL that runs already.",
    );
  }
}
