import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { eventually } from "../../test/eventually.ts";
import { requireSandbox } from "../../test/requires.ts";
import { type CommandToRun, createSandbox, probeSandbox } from "./sandbox.ts";

const inBubblewrap = await requireSandbox();
const directory = mkdtempSync(join(tmpdir(), "afu9-sandbox-test-"));
const place = (name: string) => join(directory, name);
const places = { checkout: place("checkout"), home: place("home"), gitDirectory: place("git") };

beforeAll(() => {
  for (const path of Object.values(places)) mkdirSync(path);
  process.env.AFU9_SECRET_OF_THE_TEST = "a secret of this process";
});
afterAll(() => {
  delete process.env.AFU9_SECRET_OF_THE_TEST;
  rmSync(directory, { recursive: true });
});

function run(kind: "bwrap" | "none", command: string, changed: Partial<CommandToRun> = {}) {
  return createSandbox({ kind, toolchains: [] }).run({
    command,
    ...places,
    network: false,
    timeoutMs: 20_000,
    signal: new AbortController().signal,
    cap: { head: 10_000, tail: 10_000 },
    ...changed,
  });
}

/** Waits until the processes that have this text in their command line are gone. */
async function gone(text: string): Promise<void> {
  const look = () => run("none", `pgrep -f '[${text[0]}]${text.slice(1)}'`);
  while ((await look()).exitCode === 0);
}

describe("in bubblewrap", () => {
  const inside = (command: string, changed?: Partial<CommandToRun>) => run("bwrap", command, changed);

  inBubblewrap("the probe finds that the sandbox works", async () => {
    expect(await probeSandbox({ kind: "bwrap", toolchains: [] })).toBeUndefined();
  });

  inBubblewrap("a command runs in the checkout, which keeps what it writes", async () => {
    expect(await inside("pwd; echo kept > kept.txt")).toMatchObject({ exitCode: 0, output: "/workspace\n" });
    expect(existsSync(join(places.checkout, "kept.txt"))).toBe(true);
  });

  inBubblewrap("there is nothing in the environment but what the sandbox sets", async () => {
    const { output } = await inside("env -0 | tr '\\0' '\\n' | cut -d= -f1 | sort | tr '\\n' ' '");
    expect(output).toBe("CI GIT_OPTIONAL_LOCKS HOME LANG PATH PWD SHLVL TERM _ ");
    expect((await inside("cat /proc/*/environ | tr '\\0' '\\n'")).output).not.toContain(
      "a secret of this process",
    );
  });

  inBubblewrap("there is no network, not even this machine's own", async () => {
    const server = createServer((_, response) => response.end("reached")).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const fetching = `node -e 'fetch("http://127.0.0.1:${(server.address() as AddressInfo).port}").then((r) => r.text()).then(console.log)'`;

    expect(await inside(fetching)).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining("fetch failed"),
    });
    expect(await inside(fetching, { network: true })).toMatchObject({ exitCode: 0, output: "reached\n" });
    server.close();
    server.closeAllConnections();
  });

  inBubblewrap(
    "nothing outside of the checkout, its home and a temporary directory can be written",
    async () => {
      const targets = [
        "/",
        "/usr",
        "/etc",
        "/git",
        "/afu9",
        "/afu9/bin",
        "/proc/sys/kernel",
        "/var",
        "/root",
        "/home",
      ];
      const { output } = await inside(
        targets.map((path) => `touch ${path}/x 2>/dev/null && echo wrote ${path}`).join("; "),
      );
      expect(output).toBe("");
      expect(await inside("touch /workspace/x ~/x /tmp/x")).toMatchObject({ exitCode: 0 });
      expect(existsSync(join(tmpdir(), "x"))).toBe(false);
    },
  );

  inBubblewrap("files of this machine are not there", async () => {
    for (const path of [directory, process.cwd(), "/root", "/etc/shadow", "/etc/hostname", "/var/lib"]) {
      expect(await inside(`test -e ${path}`)).toMatchObject({ exitCode: 1 });
    }
  });

  inBubblewrap("a symbolic link does not lead out", async () => {
    expect(await inside(`ln -s ${places.gitDirectory} out; touch out/x`)).toMatchObject({ exitCode: 1 });
  });

  inBubblewrap("there are no capabilities and no processes but its own", async () => {
    expect((await inside("grep CapEff /proc/self/status")).output).toContain("0000000000000000");
    expect(Number((await inside("ls -d /proc/[0-9]* | wc -l")).output)).toBeLessThan(10);
    expect(await inside("mount -t tmpfs none /workspace")).not.toMatchObject({ exitCode: 0 });
  });

  inBubblewrap("Node is always there", async () => {
    expect(await inside("/afu9/bin/node --version")).toMatchObject({ output: `${process.version}\n` });
    expect(await inside("node --version")).toMatchObject({ exitCode: 0 });
  });

  inBubblewrap("a toolchain's programs are found first", async () => {
    const toolchain = place("toolchain");
    mkdirSync(join(toolchain, "bin"), { recursive: true });
    await run(
      "none",
      `printf '#!/bin/sh\\necho mine\\n' > ${toolchain}/bin/node; chmod +x ${toolchain}/bin/node`,
    );
    const sandbox = createSandbox({ kind: "bwrap", toolchains: [toolchain] });
    const limits = { timeoutMs: 20_000, signal: new AbortController().signal, cap: { head: 100, tail: 100 } };
    expect(await sandbox.run({ command: "node", ...places, network: false, ...limits })).toMatchObject({
      output: "mine\n",
    });
  });

  inBubblewrap("a timeout kills everything that the command started", async () => {
    const result = await inside("sleep 86301 & setsid sleep 86301 & sleep 86301", { timeoutMs: 1_000 });
    expect(result).toMatchObject({ exitCode: null, timedOut: true });
    await gone("sleep 86301");
  });

  inBubblewrap("a command that ends leaves nothing running", async () => {
    expect(await inside("setsid sleep 86302 & echo done")).toMatchObject({
      exitCode: 0,
      output: "done\n",
      timedOut: false,
    });
    await gone("sleep 86302");
  });
});

describe.each(["bwrap", "none"] as const)("with %s", (kind) => {
  const each = kind === "none" ? test : inBubblewrap;

  each(`${kind}: both outputs come in the order in which they were written`, async () => {
    const { output } = await run(kind, "for i in 1 2 3; do echo out $i; echo err $i >&2; done");
    expect(output).toBe("out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\n");
  });

  each(`${kind}: an exit code is a result`, async () => {
    expect(await run(kind, "exit 42")).toMatchObject({ exitCode: 42, timedOut: false });
  });

  each(`${kind}: a long output loses its middle`, async () => {
    const { output } = await run(kind, "seq 100000", { cap: { head: 10, tail: 10 } });
    expect(output).toMatch(/^1\n2\n3\n4\n5\n\n\[… 588875 characters left out …\]\n99\n100000\n$/);
  });

  each(`${kind}: an abort kills the command and throws its reason`, async () => {
    const abort = new AbortController();
    const running = run(kind, "touch started; sleep 86303", { signal: abort.signal });
    const refused = expect(running).rejects.toThrow("enough");
    await eventually(
      "the command to start",
      async () => existsSync(join(places.checkout, "started")) || undefined,
    );
    rmSync(join(places.checkout, "started"));
    abort.abort(new Error("enough"));
    await refused;
    await gone("sleep 86303");
  });

  each(`${kind}: a command has no input to wait for`, async () => {
    expect(await run(kind, "cat; echo end")).toMatchObject({ output: "end\n" });
  });
});

describe.each(["bwrap", "none"] as const)("a command with %s that wants too much", (kind) => {
  const each = kind === "none" ? test : inBubblewrap;
  const limits = { memoryBytes: 200 * 2 ** 20, processes: 100, diskBytes: 50 * 2 ** 20, freeDiskBytes: 0 };
  const limited = (command: string, changed = {}) => {
    const { signal } = new AbortController();
    const sandbox = createSandbox({ kind, toolchains: [], limits: { ...limits, ...changed } });
    const cap = { head: 10_000, tail: 10_000 };
    return sandbox.run({ command, ...places, network: false, timeoutMs: 50_000, signal, cap });
  };

  each(`${kind}: of memory is stopped, and the answer says so`, async () => {
    const hog = "node -e 'const all = []; setInterval(() => all.push(Buffer.alloc(2e7, 1)), 10)'";
    expect(await limited(hog)).toMatchObject({
      exitCode: null,
      timedOut: false,
      stopped: expect.stringMatching(/it used \d+ MB of memory, of at most 200 MB/),
    });
  });

  each(`${kind}: of memory in many processes is stopped as well`, async () => {
    const hog = "node -e 'const all = Buffer.alloc(7e7, 1); setInterval(() => all, 1e6)'";
    const { stopped } = await limited(`for i in 1 2 3 4; do ${hog} & done; wait`);
    expect(stopped).toContain("of memory");
  });

  each(`${kind}: of processes is stopped, a fork bomb too, and nothing of it is left`, async () => {
    // Each waits for what it has started, so that the bomb can be counted; its name is for the look afterwards.
    const bomb = "bomb() { sleep 86305 & bomb & wait; }; bomb";
    const { stopped, exitCode } = await limited(bomb);
    expect(stopped).toMatch(/it had \d+ processes at once, of at most 100/);
    expect(exitCode).toBeNull();
    await gone("sleep 86305");
  });

  each(`${kind}: of the disk is stopped, or can't write on`, async () => {
    const many = "for i in $(seq 20000); do head -c 2000000 /dev/zero > fill-$i; sleep 0.02; done";
    const { stopped } = await limited(many);
    expect(stopped).toMatch(/checkout and home held \d+ MB, of at most 50 MB/);
    const one = await limited("rm fill-*; head -c 60000000 /dev/zero > large; stat -c %s large");
    expect(one.output).toContain(`${50 * 2 ** 20}\n`);
  });

  each(`${kind}: does not begin on a disk that is almost full`, async () => {
    await expect(limited("true", { freeDiskBytes: 2 ** 60 })).rejects.toThrow("almost full");
  });
});

describe("without a sandbox", () => {
  test("the environment is as clean as in one", async () => {
    const { output } = await run("none", "env");
    expect(output).not.toContain("a secret of this process");
    expect(output).toContain(`HOME=${places.home}`);
    expect(output).not.toMatch(/PATH=.*node_modules\/\.bin/);
  });

  test("a timeout kills the process group", async () => {
    const result = await run("none", "sleep 86304 & sleep 86304", { timeoutMs: 500 });
    expect(result).toMatchObject({ exitCode: null, timedOut: true });
    await gone("sleep 86304");
  });
});

test("the probe says why when bubblewrap is not installed", async () => {
  const path = process.env.PATH;
  process.env.PATH = directory;
  try {
    expect(await probeSandbox({ kind: "bwrap", toolchains: [] })).toBe("the program bwrap is not installed");
  } finally {
    process.env.PATH = path;
  }
});
