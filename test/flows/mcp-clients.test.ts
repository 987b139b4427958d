// Clients that are not ours, and the MCP servers.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { servers } from "../../mcp-servers/servers.ts";
import { signCapability } from "../../shared/capability.ts";
import { mcpCommand, mcpSettings, mcpToken, startMcpProcess, toolsOf } from "../mcp-process.ts";
import { capability, secret, startTestServer } from "../start-test-server.ts";

const inspector = join(
  import.meta.dirname,
  "../../node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js",
);
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
