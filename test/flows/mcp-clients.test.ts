// Clients that are not ours, and the MCP servers.
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Client as FormerClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as FormerTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { servers } from "../../mcp-servers/servers.ts";
import { signCapability } from "../../shared/capability.ts";
import { mcpCommand, mcpSettings, mcpToken, startMcpProcess, toolsOf } from "../mcp-process.ts";
import { capability, secret, startTestServer } from "../start-test-server.ts";

const root = join(import.meta.dirname, "../..");
const manual = await readFile(join(root, "docs/mcp.md"), "utf8");
const inspector = join(root, "node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js");
let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "afu9-inspector-"));
});
afterAll(() => rm(home, { recursive: true }));

/** What the inspector's command line prints, as JSON, and its exit code: 5 is a tool's error. */
async function inspect(...args: string[]) {
  const env = { PATH: process.env.PATH, HOME: home };
  return new Promise<{ code: number; answer: unknown }>((resolve, reject) => {
    execFile(process.execPath, [inspector, "--cli", ...args], { env }, (error, stdout, stderr) => {
      if (!stdout) reject(new Error(`The inspector gave no answer: ${stderr}`));
      else resolve({ code: error ? Number(error.code) : 0, answer: JSON.parse(stdout) });
    });
  });
}
const at = (url: string, token: string) => [
  url,
  "--transport",
  "http",
  "--header",
  `Authorization: Bearer ${token}`,
];
const toolsList = ["--method", "tools/list"];
const toolsCall = (name: string, ...args: string[]) => {
  const pairs = args.flatMap((pair) => ["--tool-arg", pair]);
  return ["--method", "tools/call", "--tool-name", name, ...pairs];
};

test.each(Object.keys(servers))(
  "the MCP inspector lists the tools of %s, and is told what is wrong with a call",
  async (server) => {
    await using running = await startMcpProcess(server);
    const where = at(running.url, running.token);
    const names = await toolsOf(server);
    const listed = await inspect(...where, ...toolsList);
    expect(listed).toMatchObject({ code: 0, answer: { tools: names.map((name) => ({ name })) } });

    const last = names.at(-1) ?? "";
    const { code, answer } = await inspect(...where, ...toolsCall(last, "nonsense=1"));
    expect(code).toBe(5);
    expect(JSON.stringify(answer)).toContain(`The arguments of ${last} can't be used`);
  },
);

test.each(Object.keys(servers))(
  "a client of the SDK's first version lists and reaches every tool of %s",
  async (server) => {
    await using running = await startMcpProcess(server);
    const client = new FormerClient({ name: "former", version: "1.0.0" });
    const requestInit = { headers: { Authorization: `Bearer ${running.token}` } };
    await client.connect(new FormerTransport(new URL(running.url), { requestInit }));
    const names = await toolsOf(server);
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(names);
    for (const name of names) {
      // One of them asks for a repository's token before it looks at anything else.
      const _meta = { "afu9/repository-token": "none" };
      const answer = await client.callTool({ name, arguments: { nonsense: 1 }, _meta });
      expect(answer).toMatchObject({ isError: true });
      expect(JSON.stringify(answer.content)).toContain(`The arguments of ${name} can't be used`);
    }
    await client.close();
  },
);

test("the MCP inspector calls a tool over HTTP, and over standard input and output", async () => {
  const server = await startTestServer();
  const where = at(server.url, await signCapability(capability, secret, 60));
  const greeted = await inspect(...where, ...toolsCall("greet", "name=you"));
  expect(greeted).toMatchObject({ code: 0, answer: { structuredContent: { text: "Hello you" } } });
  await server.close();

  const { command, args } = mcpCommand("workspace", "--stdio");
  const settings = { ...mcpSettings(home), AFU9_MCP_TOKEN: await mcpToken() };
  const env = Object.entries(settings).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
  const closed = await inspect(command, ...args, ...env, ...toolsCall("closeWorkspace"));
  expect(closed).toMatchObject({ code: 0, answer: { structuredContent: { closed: true } } });
});

test("the settings to paste, as docs/mcp.md has them, work over HTTP and over standard input and output", async () => {
  await using running = await startMcpProcess("github");
  const [http = "", stdio = ""] = [...manual.matchAll(/^```json\n(.+?)^```/gms)].map(([, block]) => block);
  const tools = (await toolsOf("github")).map((name) => ({ name }));

  const overHttp = http.replace("http://127.0.0.1:3001/mcp", running.url).replace("TOKEN", running.token);
  expect(await inspectWith(overHttp)).toMatchObject({ code: 0, answer: { tools } });

  const pasted = JSON.parse(stdio.replace("/path/to/afu-9", root));
  // What AFU-9's own .env has.
  const env = { ...mcpSettings(home), AFU9_MCP_TOKEN: running.token };
  expect(pasted.mcpServers["afu9-github"].env).toEqual({ AFU9_MCP_TOKEN: "TOKEN" });
  pasted.mcpServers["afu9-github"].env = env;
  expect(await inspectWith(JSON.stringify(pasted))).toMatchObject({ code: 0, answer: { tools } });
});

async function inspectWith(settings: string) {
  const file = join(home, "mcp.json");
  await writeFile(file, settings);
  return inspect("--config", file, "--server", "afu9-github", ...toolsList);
}

test("docs/mcp.md has a row for each server", () => {
  const rows = [...manual.matchAll(/^\| `([a-z]+)` +\| \d{4} \|/gm)].map(([, name]) => name);
  expect(rows).toEqual(Object.keys(servers));
});
