// Runs PostgreSQL's programs.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer, Socket } from "node:net";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import type { Home } from "./home.ts";

const run = promisify(execFile);

// How long each way of ending the server may take: disconnect everybody, abort, kill.
const endings = [
  { signal: "SIGINT", ms: 10_000 },
  { signal: "SIGQUIT", ms: 5_000 },
  { signal: "SIGKILL", ms: 5_000 },
] as const;

// Reads until the process that started the server is gone, then ends the server and removes what it left.
const watchdog = `
read -r _
[ "$(head -n 1 "$2/postmaster.pid")" != "$1" ] || kill -INT "$1"
for _ in $(seq 100); do [ -e "$2/postmaster.pid" ] || break; sleep 0.1; done
shift 2
[ $# -eq 0 ] || rm -rf -- "$@"
`;

const fastFlags = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=300"];

export type PostgresServer = {
  port: number;
  exited: Promise<void>;
  stop(): Promise<void>;
  /** As `pg_ctl stop -m immediate`: nobody is told, nothing is written any more. The next start recovers from the log. */
  abort(): Promise<void>;
  /** Says that nothing has to be ended or removed any more when this process is killed. */
  release(): void;
};

type InitialiseOptions = { home: Home; initdb: string; data: string; passwordFile: string; user: string };

/** Makes the files of a new server: UTF-8, the same order of text on every machine, passwords for everybody. */
export async function initialise({
  home,
  initdb,
  data,
  passwordFile,
  user,
}: InitialiseOptions): Promise<void> {
  const flags = ["--encoding=UTF8", "--no-locale", "--auth=scram-sha-256", `--username=${user}`];
  try {
    await run(initdb, [...flags, `--pwfile=${passwordFile}`, "-D", data], {
      ...home.user,
      cwd: home.base,
    });
  } catch (cause) {
    const said = cause instanceof Error && "stderr" in cause ? String(cause.stderr) : "";
    throw new Error(`PostgreSQL could not make its files in ${data}. ${said.trim()}`, { cause });
  }
}

type LaunchOptions = { home: Home; postgres: string; port: number; persistent: boolean };

export async function launch(options: LaunchOptions): Promise<PostgresServer> {
  const port = options.port || (await freePort());
  const settings = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "lc_messages=C",
    ...(options.persistent ? [] : fastFlags),
  ];
  const flags = settings.flatMap((setting) => ["-c", setting]);
  // In a session of its own: Ctrl-C is for the one who started it, and who may still need the database.
  const server = spawn(options.postgres, ["-D", options.home.data, "-p", String(port), ...flags], {
    ...options.home.user,
    cwd: options.home.base,
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const exited = once(server, "exit").then(() => undefined);
  exited.catch(() => {}); // `ready` throws the same error
  await ready(server, options.home.data);
  const guard = watch(server, options);
  return {
    port,
    exited,
    stop: () => stop(server, exited, endings),
    abort: () => stop(server, exited, endings.slice(1)),
    release: () => void guard.kill("SIGKILL"),
  };
}

async function ready(server: ChildProcess, data: string): Promise<void> {
  const said: string[] = [];
  const lines = createInterface({ input: server.stderr as NodeJS.ReadableStream });
  await new Promise<void>((resolve, reject) => {
    lines.on("line", (line) => {
      if (line.includes("database system is ready to accept connections")) resolve();
      said.push(line);
      said.splice(0, said.length - 20);
    });
    server.once("error", reject);
    server.once("exit", () => reject(new Error(`PostgreSQL did not start on ${data}:\n${said.join("\n")}`)));
  });
  doNotWaitFor(server);
}

/** Also when this process is killed, the server ends. */
function watch(server: ChildProcess, { home, persistent }: LaunchOptions): ChildProcess {
  const left = persistent ? [] : home.paths;
  const guard = spawn("sh", ["-c", watchdog, "sh", String(server.pid), home.data, ...left], {
    cwd: "/",
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
  doNotWaitFor(guard);
  return guard;
}

/** Lets this process end by itself while the other one runs. */
function doNotWaitFor(child: ChildProcess): void {
  child.unref();
  for (const pipe of [child.stdin, child.stderr]) if (pipe instanceof Socket) pipe.unref();
}

async function stop(
  server: ChildProcess,
  exited: Promise<void>,
  ways: readonly (typeof endings)[number][],
): Promise<void> {
  for (const { signal, ms } of ways) {
    server.kill(signal);
    const { promise: tooLong, resolve } = Promise.withResolvers<"too long">();
    const timer = setTimeout(resolve, ms, "too long");
    const outcome = await Promise.race([exited, tooLong]);
    clearTimeout(timer);
    if (outcome !== "too long") return;
  }
  throw new Error(`PostgreSQL (process ${server.pid}) does not end.`);
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
