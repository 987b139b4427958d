// Which commands have a network, and what they reach by it.
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { requireSandbox } from "../../test/requires.ts";
import { startTestWorkspace, type TestWorkspace } from "../../test/start-test-workspace.ts";
import type { CheckResult } from "./check-tree.ts";
import { createSandbox } from "./sandbox.ts";

const inBubblewrap = await requireSandbox();
const config = (text: string) => ({ ".github/afu9.yml": text });
// The sandbox's own Node knows proxies.
const reach = (url: string) =>
  `/afu9/bin/node -e 'fetch("${url}").then((r) => console.log(r.status), () => process.exit(9))'`;

/** A proxy as an operator has it: only `http://allowed.example` is let through, and everything is written down. */
async function startProxy() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    response.writeHead(new URL(request.url ?? "").hostname === "allowed.example" ? 200 : 403).end();
  }).listen(0, "127.0.0.1");
  server.on("connect", (request: IncomingMessage, client: Duplex) => {
    asked.push(request.url ?? "");
    if (request.url !== "allowed.example:80") return void client.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    client.write("HTTP/1.1 200 OK\r\n\r\n");
    client.once("data", () => client.end("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
  });
  await once(server, "listening");
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`), asked, server };
}

let system: TestWorkspace;
let refusing: TestWorkspace;
let proxied: TestWorkspace;
let proxy: Awaited<ReturnType<typeof startProxy>>;
beforeAll(async () => {
  system = await startTestWorkspace("bwrap");
  refusing = await startTestWorkspace("bwrap", { isNetworkAllowed: false });
  proxy = await startProxy();
  const sandbox = createSandbox({ kind: "bwrap", toolchains: [], proxy: proxy.url });
  proxied = await startTestWorkspace("bwrap", { sandbox });
});
afterAll(async () => {
  await Promise.all([system.close(), refusing.close(), proxied.close()]);
  proxy.server.closeAllConnections();
  proxy.server.close();
});

inBubblewrap(
  "setup has the network, and verify and commands where repository and operator allow it",
  async () => {
    const { url } = system.github;
    const test = `setup: ${JSON.stringify(reach(url))}\nverify: ${JSON.stringify(reach(url))}\n`;
    const exits = async (name: string, on: TestWorkspace, text: string) => {
      const { caller, opened } = await on.open(name, config(text));
      await caller.call("writeFile", { path: "a.txt", content: "a" });
      const { commands } = await caller.call<CheckResult>("verify");
      const { exitCode } = await caller.call<{ exitCode: number }>("runCommand", { command: reach(url) });
      return {
        setup: opened.setup.results[0]?.exitCode,
        verify: commands.map((command) => command.exitCode),
        exitCode,
        note: opened.note,
      };
    };

    expect(await exits("closed", system, test)).toEqual({
      setup: 0,
      verify: [0, 9],
      exitCode: 9,
      note: undefined,
    });
    expect(await exits("open", system, `${test}network: true\n`)).toMatchObject({
      verify: [0, 0],
      exitCode: 0,
    });
    expect(await exits("refused", refusing, `${test}network: true\n`)).toEqual({
      setup: 0,
      verify: [0, 9],
      exitCode: 9,
      note: expect.stringContaining("AFU9_SANDBOX_NETWORK"),
    });
  },
);

inBubblewrap(
  "with a proxy it is the only way out, and what it does not let through is not reached",
  async () => {
    const { url } = system.github;
    const direct = `node -e 'require("net").connect(${new URL(url).port}, "127.0.0.1").on("error", () => process.exit(7))'`;
    // What the proxy refuses it answers with 403; what can't be reached at all ends with 9.
    const refused = (address: string) => `test "$(${reach(address)} || echo 403)" = 403`;
    const setup = [
      `test "$(${reach("http://allowed.example/")})" = 200`,
      refused("http://169.254.169.254/latest/meta-data/"),
      refused("http://[fd00:ec2::254]/latest/meta-data/"),
      refused("https://elsewhere.example/"),
      `! ${direct}`,
      "echo $HTTPS_PROXY",
    ];
    const { opened } = await proxied.open("proxied", config(`setup: ${JSON.stringify(setup)}\n`));

    expect(opened.setup.results.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(opened.setup.results.at(-1)?.output).toBe("http://127.0.0.1:3128\n");
    expect(proxy.asked).toEqual(
      expect.arrayContaining([
        expect.stringContaining("169.254.169.254"),
        expect.stringContaining("elsewhere.example"),
      ]),
    );
  },
);

inBubblewrap("with a proxy, too, what is not setup has no network unless it is allowed", async () => {
  const { caller } = await proxied.open("proxied-later", { "a.txt": "a" });
  expect(await caller.call("runCommand", { command: reach(system.github.url) })).toMatchObject({
    exitCode: 9,
  });
  expect(await caller.call("runCommand", { command: "echo $HTTPS_PROXY; ls /afu9" })).toMatchObject({
    output: "\nbin\n",
  });
});

test("without a sandbox commands are told of the proxy, which is all that can be done there", async () => {
  const sandbox = createSandbox({ kind: "none", toolchains: [], proxy: proxy.url });
  const workspace = await startTestWorkspace("none", { sandbox });
  const { opened } = await workspace.open("told", config("setup: echo $https_proxy\n"));
  expect(opened.setup.results[0]?.output).toBe(`${proxy.url.href}\n`);
  await workspace.close();
});
