import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as FormerClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as FormerTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { eventually } from "../test/eventually.ts";
import { mcpCommand, mcpSettings, mcpToken, toolsOf } from "../test/mcp-process.ts";

const directory = mkdtempSync(join(tmpdir(), "afu9-stdio-"));
afterAll(() => rmSync(directory, { recursive: true }));

const settings = mcpSettings(directory);
const workspace = mcpCommand("workspace", "--stdio");
const client = { name: "test", version: "1.0.0" };
const closed = { structuredContent: { closed: true } };
const names = await toolsOf("workspace");

/** Starts the server without a client. */
function startServer(env: Record<string, string>) {
  const child = spawn(workspace.command, workspace.args, { env });
  const said = { stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => {
    said.stdout += chunk;
  });
  child.stderr.on("data", (chunk) => {
    said.stderr += chunk;
  });
  const ended = once(child, "close").then(([code]) => ({ ...said, code: Number(code) }));
  return { child, said, ended };
}

describe("a server on standard input and output", () => {
  test("gives its client the tools of the token, and logs to standard error", async () => {
    const env = { ...settings, AFU9_MCP_TOKEN: await mcpToken() };
    const transport = new StdioClientTransport({ ...workspace, env, stderr: "pipe" });
    let log = "";
    transport.stderr?.on("data", (chunk) => {
      log += chunk;
    });
    const caller = new Client(client);
    await caller.connect(transport);
    expect((await caller.listTools()).tools.map(({ name }) => name)).toEqual(names);
    expect(await caller.callTool({ name: "closeWorkspace" })).toMatchObject(closed);
    await caller.close();
    expect(log).toContain('"message":"tool call finished"');
  });

  test("serves a client of version 1 of the SDK as well", async () => {
    const env = { ...settings, AFU9_MCP_TOKEN: await mcpToken() };
    const caller = new FormerClient(client);
    await caller.connect(new FormerTransport({ ...workspace, env, stderr: "ignore" }));
    expect((await caller.listTools()).tools.map(({ name }) => name)).toEqual(names);
    expect(await caller.callTool({ name: "closeWorkspace" })).toMatchObject(closed);
    await caller.close();
  });

  test("ends when its client goes away, and has written nothing but MCP", async () => {
    const { child, said, ended } = startServer({ ...settings, AFU9_MCP_TOKEN: await mcpToken() });
    child.stdin.write('{"jsonrpc":"2.0","id":1,"method":"ping"}\n');
    child.stdin.write('{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"closeWorkspace"}}\n');
    await eventually("both answers", async () => said.stdout.includes('"id":2') || undefined);
    child.stdin.end();
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    for (const line of stdout.trim().split("\n")) expect(JSON.parse(line)).toMatchObject({ jsonrpc: "2.0" });
  });

  test("does not start without a token, nor with one that is not valid", async () => {
    const missing = await startServer(settings).ended;
    expect(missing).toMatchObject({ code: 1, stdout: "" });
    expect(missing.stderr).toContain("set AFU9_MCP_TOKEN. `npm run afu9 -- mcp token` makes one");

    for (const token of ["nonsense", await mcpToken(-1), await mcpToken(60, "some other secret")]) {
      const refused = await startServer({ ...settings, AFU9_MCP_TOKEN: token }).ended;
      expect(refused).toMatchObject({ code: 1, stdout: "" });
      expect(refused.stderr).toContain("AFU9_MCP_TOKEN is not valid");
      expect(refused.stderr).not.toContain(token);
    }
  });
});
