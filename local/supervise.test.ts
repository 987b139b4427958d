import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { type ProcessSpec, type Supervised, type SuperviseOptions, supervise } from "./supervise.ts";

const up = 'console.error(JSON.stringify({ message: "listening", url: "http://" + process.pid }));';
const stay = "setInterval(() => {}, 1000);";

let folder: string;
let supervised: Supervised | undefined;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "afu9-supervise-"));
  supervised = undefined;
});
afterEach(async () => {
  await supervised?.close();
  await rm(folder, { recursive: true });
});

async function spec(name: string, source: string, env: Record<string, string> = {}): Promise<ProcessSpec> {
  const file = join(folder, `${name}.mjs`);
  await writeFile(file, source);
  return { name, file, env: { ...env, MARK: join(folder, `${name}.mark`) } };
}

function silent(options: Partial<SuperviseOptions> = {}): SuperviseOptions {
  return { onLine() {}, onEnd() {}, ...options };
}

function isAlive(pid: number | undefined): boolean {
  try {
    return process.kill(pid ?? 0, 0);
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  const signal = AbortSignal.timeout(20_000);
  while (!condition()) await pause(20, undefined, { signal });
}

async function failureOf(specs: ProcessSpec[], options = silent()): Promise<string> {
  try {
    supervised = await supervise(specs, options);
    return "no failure";
  } catch (error) {
    return (error as Error).message;
  }
}

test("processes are up when each has said so, and end together", async () => {
  supervised = await supervise([await spec("one", up + stay), await spec("two", up + stay)], silent());
  expect(supervised.urls.one).toBe(`http://${supervised.pids.one}`);
  expect(isAlive(supervised.pids.one) && isAlive(supervised.pids.two)).toBe(true);
  await supervised.close();
  expect(isAlive(supervised.pids.one) || isAlive(supervised.pids.two)).toBe(false);
});

test("a process gets the environment of its own and nothing else", async () => {
  const lines: string[] = [];
  process.env.SECRET_OF_THE_SUPERVISOR = "1";
  const source = "console.log(Object.keys(process.env).join());";
  supervised = await supervise(
    [await spec("one", source + up + stay, { MINE: "1" })],
    silent({ onLine: (_, line) => lines.push(line) }),
  );
  delete process.env.SECRET_OF_THE_SUPERVISOR;
  expect(lines).toContain("MINE,MARK");
});

test("a process that dies before it is up is an error with its last lines, and takes the others along", async () => {
  const pids: string[] = [];
  const failure = await failureOf(
    [
      await spec("well", `console.log(process.pid);${stay}`),
      await spec("ill", 'console.error("no database"); process.exit(3);'),
    ],
    silent({ onLine: (name, line) => name === "well" && pids.push(line) }),
  );
  expect(failure).toBe("The process ill ended with exit code 3.\nIts last lines:\n  no database");
  expect(pids.map(Number).some(isAlive)).toBe(false);
});

test("a process that never gets up is an error with its last lines, and is ended", async () => {
  let pid = 0;
  const onLine = (_: string, line: string) => {
    pid = Number(line);
  };
  const failure = await failureOf(
    [await spec("slow", `console.log(process.pid);${stay}`)],
    silent({ onLine, readyMs: 1000 }),
  );
  expect(failure).toBe(`The process slow was not up after 1 seconds.\nIts last lines:\n  ${pid}`);
  expect(isAlive(pid)).toBe(false);
});

test("a file that is not there is an error", async () => {
  const failure = await failureOf([{ name: "none", file: join(folder, "none.ts"), env: {} }]);
  expect(failure).toContain("The process none ended with exit code 1.");
  expect(failure).toContain("Cannot find module");
});

test("a process that ends later is reported", async () => {
  const end = Promise.withResolvers<Error>();
  supervised = await supervise([await spec("one", up + stay)], silent({ onEnd: end.resolve }));
  process.kill(supervised.pids.one ?? 0, "SIGKILL");
  expect((await end.promise).message).toContain("The process one was ended by SIGKILL.");
});

test("a process that ends by itself is started again when that was asked for", async () => {
  const end = Promise.withResolvers<number | undefined>();
  supervised = await supervise(
    [await spec("one", up + stay)],
    silent({ restart: true, onEnd: (_, delayMs) => end.resolve(delayMs) }),
  );
  const before = supervised.pids.one;
  process.kill(before ?? 0, "SIGKILL");
  expect(await end.promise).toBe(500);
  const now = supervised;
  await until(() => now.urls.one !== `http://${before}`);
  expect(isAlive(now.pids.one)).toBe(true);
});

test("a process that does not want to end is killed", async () => {
  const deaf = 'process.on("SIGTERM", () => {});';
  supervised = await supervise([await spec("deaf", deaf + up + stay)], silent({ stopMs: 100 }));
  await supervised.close();
  expect(isAlive(supervised.pids.deaf)).toBe(false);
});

test("what a process has started itself ends with it", async () => {
  const source = `import { spawn } from "node:child_process";
    const child = spawn("sleep", ["600"]); console.log(child.pid);`;
  let grandchild = 0;
  const onLine = (_: string, line: string) => {
    grandchild ||= Number(line);
  };
  supervised = await supervise([await spec("one", source + up)], silent({ onLine }));
  expect(isAlive(grandchild)).toBe(true);
  await supervised.close();
  await until(() => !isAlive(grandchild));
});

test("processes that are being started are ended by the signal", async () => {
  const abort = new AbortController();
  const onLine = () => abort.abort();
  const failure = await failureOf(
    [await spec("slow", `console.log(process.pid);${stay}`)],
    silent({ onLine, signal: abort.signal }),
  );
  expect(failure).toContain("The process slow was ended by SIGTERM.");
});

test("nothing outlives a supervisor that was killed", async () => {
  const child = await spec(
    "one",
    `import { writeFileSync } from "node:fs";
    process.on("SIGTERM", () => { writeFileSync(process.env.MARK, "ended in order"); process.exit(); });${up}${stay}`,
  );
  const source = `import { supervise } from ${JSON.stringify(join(import.meta.dirname, "supervise.ts"))};
    const { pids } = await supervise([${JSON.stringify(child)}], { onLine() {}, onEnd() {} });
    console.log(pids.one);`;
  const { file } = await spec("supervisor", source);
  const supervisor = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(createInterface({ input: supervisor.stdout }), "line");
  expect(isAlive(Number(line))).toBe(true);

  supervisor.kill("SIGKILL");
  await until(() => !isAlive(Number(line)));
  const mark = child.env.MARK ?? "";
  expect(existsSync(mark) && (await readFile(mark, "utf8"))).toBe("ended in order");
});
