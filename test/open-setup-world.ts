// AFU-9 before its set-up: a GitHub, a model, a database, a browser, and `npm start` in a folder without the App's credentials.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pino } from "pino";
import type { Page } from "playwright-core";
import { connectGitHub } from "../local/github/client.ts";
import { startGitHub } from "../local/github/start-github.ts";
import { startModel } from "../local/model/start-model.ts";
import { openBrowser } from "./browser.ts";
import { createDatabase } from "./database.ts";
import { eventually } from "./eventually.ts";

const root = join(import.meta.dirname, "..");

export type SetupWorld = Awaited<ReturnType<typeof openSetupWorld>>;

/** Opens it, with these variables besides, and a `.env` that names none of the App's credentials. */
export async function openSetupWorld(more: Record<string, string> = {}) {
  const opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "afu9-setup-"));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const github = await startGitHub({
    port: 0,
    dataDir: join(folder, "github"),
    log: pino({ level: "silent" }),
  });
  opened.defer(() => github.close());
  const model = await startModel({
    script: join(root, "local/sample-script.json"),
    port: 0,
    log: pino({ level: "silent" }),
  });
  opened.defer(() => model.close());
  const database = await createDatabase();
  opened.defer(() => database.drop());
  const chromium = await openBrowser();
  opened.defer(() => chromium.browser.close());

  const [app, mcpGithub, mcpWorkspace] = await freePorts(3);
  const address = `http://127.0.0.1:${app}`;
  const envFile = join(folder, ".env");
  await writeFile(envFile, "# kept\nAPP_ID=\nAFU9_LOG_LEVEL=info\n", { mode: 0o644 });
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    AFU9_ENV_FILE: envFile,
    DATABASE_URL: database.url,
    PORT: String(app),
    PUBLIC_URL: address,
    GITHUB_SERVER_URL: github.url,
    GITHUB_API_URL: `${github.url}/api/v3`,
    ANTHROPIC_BASE_URL: model.url,
    AFU9_MCP_SECRET: "a secret of the tests, 32 bytes!",
    AFU9_MCP_GITHUB_URL: `http://127.0.0.1:${mcpGithub}/mcp`,
    AFU9_MCP_WORKSPACE_URL: `http://127.0.0.1:${mcpWorkspace}/mcp`,
    AFU9_WORKSPACE_DIR: join(folder, "workspaces"),
    AFU9_SANDBOX: "none",
    ...more,
  };
  const afu9 = spawn(process.execPath, [join(root, "local/start.ts")], {
    env,
    cwd: folder,
  });
  opened.defer(() => end(afu9));
  const lines: string[] = [];
  for (const output of [afu9.stdout, afu9.stderr])
    createInterface(output).on("line", (line) => lines.push(line));

  const client = connectGitHub(github.url);
  await client.createUser({ login: "operator" });
  return {
    ...chromium,
    address,
    envFile,
    lines,
    printedLink: () => printedLink(lines),
    close: () => opened.disposeAsync(),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await once(server, "listening");
      return server;
    }),
  );
  return Promise.all(
    servers.map(async (server) => {
      const address = server.address();
      server.close();
      await once(server, "close");
      return typeof address === "object" && address ? address.port : 0;
    }),
  );
}

/** The link that `npm start` prints. */
function printedLink(lines: string[]): Promise<string> {
  return eventually(`a link to the set-up\n${lines.join("\n")}`, async () => {
    const line = lines.findLast((one) => one.includes("/setup?token="));
    return line?.match(/http:\/\/\S+\/setup\?token=[\w-]+/)?.[0];
  });
}

export const title = (page: Page) => page.getByRole("heading", { level: 1 });
export const item = (page: Page, name: string) => page.getByRole("listitem").filter({ hasText: name });
