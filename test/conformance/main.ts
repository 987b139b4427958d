// Runs the public conformance suite against each of our MCP servers: `npm run test:conformance`.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { servers } from "../../mcp-servers/servers.ts";
import { startMcpProcess } from "../mcp-process.ts";
import { startAuthorizingProxy } from "./authorizing-proxy.ts";

/** Those that fit any server. The others are about tools, prompts and resources with names that the suite prescribes. */
const scenarios = ["server-initialize", "ping", "tools-list", "dns-rebinding-protection"];
const program = join(
  import.meta.dirname,
  "../../node_modules/@modelcontextprotocol/conformance/dist/index.js",
);

for (const server of Object.keys(servers)) {
  await using running = await startMcpProcess(server);
  await using proxy = await startAuthorizingProxy(running.url, running.token);
  for (const scenario of scenarios) {
    const fault = await run(scenario, proxy.url);
    process.stdout.write(`${fault ? "✖" : "✔"} ${server}: ${scenario}\n${fault ?? ""}`);
    if (fault) process.exitCode = 1;
  }
}

/** Gives what the suite says when a scenario fails. */
async function run(scenario: string, url: string): Promise<string | undefined> {
  const args = [program, "server", "--url", url, "--scenario", scenario];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { timeout: 60_000 }, (error, stdout, stderr) =>
      resolve(error ? `${stdout}${stderr}${error.message}\n` : undefined),
    );
  });
}
