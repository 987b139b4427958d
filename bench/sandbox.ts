// What the sandbox adds to a bare bubblewrap, and what the second checkout of a repository costs beside a full clone.
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { bubblewrap } from "../mcp-servers/workspace/bubblewrap.ts";
import { clone } from "../mcp-servers/workspace/clone.ts";
import { createSandbox } from "../mcp-servers/workspace/sandbox.ts";
import { createTurns } from "../mcp-servers/workspace/turns.ts";
import { makeEmpty, placeBelow } from "../mcp-servers/workspace/workspace.ts";
import { type GitHttpServer, startGitHttpServer } from "../test/git-http-server.ts";
import type { Bench } from "./benchmark.ts";
import { quantile } from "./figure.ts";

const run = promisify(execFile);
/** Short enough that the sandbox shows, and long enough to be a command: Node starts and ends. */
const command = "/usr/bin/env node --version";

export async function sandbox(bench: Bench): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), "afu9-bench-sandbox-"));
  try {
    await timeCommands(directory, bench);
    await countBytes(directory, bench);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** In turns within one run, so that whatever else the machine does meets both alike. */
async function timeCommands(directory: string, { signal, isShort, report }: Bench): Promise<void> {
  const place = {
    checkout: join(directory, "checkout"),
    home: join(directory, "home"),
    gitDirectory: join(directory, "git"),
  };
  for (const path of Object.values(place)) await mkdir(path);
  const ours = createSandbox({ kind: "bwrap", toolchains: [] });
  const limits = { timeoutMs: 20_000, signal, cap: { head: 1_000, tail: 1_000 } };
  const room = bubblewrap({ ...place, network: "none", toolchains: [], env: {} }, [
    "/bin/bash",
    "-c",
    command,
  ]);
  const smallest = [
    ...[
      "bwrap",
      "--unshare-all",
      "--die-with-parent",
      "--ro-bind",
      "/",
      "/",
      "--proc",
      "/proc",
      "--dev",
      "/dev",
    ],
    ...["--bind", place.checkout, place.checkout, "--chdir", place.checkout, "/bin/bash", "-c", command],
  ];
  const start = ([program = "", ...args]: string[]) => timed(() => run(program, args, { signal }));
  const times = { ours: [] as number[], bare: [] as number[], smallest: [] as number[] };
  for (let round = 0; round < 3; round++) await Promise.all([start(room), start(smallest)]);
  for (let round = 0; round < (isShort ? 5 : 200); round++) {
    times.bare.push(await start(room));
    times.smallest.push(await start(smallest));
    times.ours.push(await timed(() => ours.run({ command, network: false, ...place, ...limits })));
  }
  const [inSandbox, inBare] = [quantile(times.ours, 0.5), quantile(times.bare, 0.5)];
  const milliseconds = (what: string, value: number) => ({ what: `${what}, median`, value, unit: "ms" });
  report(
    milliseconds("a command in a room of one mount, by bubblewrap alone", quantile(times.smallest, 0.5)),
    milliseconds("a command in the sandbox's room, by bubblewrap alone", inBare),
    milliseconds("a command in the sandbox", inSandbox),
    { what: "a command in the sandbox", value: inSandbox / inBare, unit: "of bubblewrap alone", atMost: 1.2 },
  );
}

async function countBytes(directory: string, { signal, isShort, report }: Bench): Promise<void> {
  const github = await startGitHttpServer();
  try {
    const count = isShort ? 100 : 1_000;
    const files = Array.from({ length: count }, (_, at) => [
      `src/${at % 20}/${at}.txt`,
      randomBytes(15_000).toString("base64"),
    ]);
    github.addRepository("octo/large", Object.fromEntries(files));
    github.tokens.add("token");
    const counted = async (work: () => Promise<unknown>) => {
      const before = github.traffic.bytes;
      await work();
      return github.traffic.bytes - before;
    };
    const withToken = `${github.url.replace("//", "//x-access-token:token@")}/octo/large.git`;
    const full = await counted(() =>
      run("git", ["clone", "--quiet", withToken, join(directory, "full")], { signal }),
    );
    const open = openers(directory, github, signal);
    const [first, second] = [await counted(() => open("first")), await counted(() => open("second"))];
    await commitOneMore(github, directory);
    const third = await counted(() => open("third"));
    report(
      { what: "bytes of the first checkout", value: first / full, unit: "of a full clone" },
      { what: "bytes of the second checkout", value: second / full, unit: "of a full clone", atMost: 0.15 },
      {
        what: "bytes of the next one, after a commit",
        value: third / full,
        unit: "of a full clone",
        atMost: 0.15,
      },
    );
  } finally {
    await github.close();
  }
}

function openers(directory: string, github: GitHttpServer, signal: AbortSignal) {
  const mirrors = { directory: join(directory, "mirrors"), maxBytes: 2 ** 34, maxAgeMs: 3_600_000 };
  const inTurn = createTurns();
  return async (name: string) => {
    const place = placeBelow(join(directory, name));
    await makeEmpty(place);
    await clone(place, { url: `${github.url}/octo/large.git`, token: "token", signal }, { mirrors, inTurn });
  };
}

async function commitOneMore(github: GitHttpServer, directory: string): Promise<void> {
  const bare = github.git("octo/large", "rev-parse", "--absolute-git-dir");
  const work = join(directory, "full");
  const identity = ["-c", "user.name=bench", "-c", "user.email=bench@example.com"];
  await run("bash", ["-c", "head -c 15000 /dev/urandom | base64 > src/0/0.txt"], { cwd: work });
  await run("git", [...identity, "commit", "--quiet", "--all", "--message=More"], { cwd: work });
  await run("git", ["push", "--quiet", bare, "HEAD:main"], { cwd: work });
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
