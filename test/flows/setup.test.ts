// The set-up as an operator sees it: `npm start` without credentials, a browser, and GitHub's pages.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseEnv } from "node:util";
import { afterAll, beforeAll, expect } from "@jest/globals";
import { pino } from "pino";
import type { Page } from "playwright-core";
import { connectGitHub } from "../../local/github/client.ts";
import { startGitHub } from "../../local/github/start-github.ts";
import { startModel } from "../../local/model/start-model.ts";
import { browserProgram, openBrowser } from "../browser.ts";
import { createDatabase } from "../database.ts";
import { eventually } from "../eventually.ts";
import { requireProgram } from "../requires.ts";

const test = requireProgram(browserProgram, "apt-get install --no-install-recommends chromium");

const root = join(import.meta.dirname, "../..");

type World = Awaited<ReturnType<typeof openWorld>>;
let world: World;
beforeAll(async () => {
  if (test.isMet) world = await openWorld();
}, 120_000);
afterAll(() => world?.close(), 60_000);

/** A GitHub, a model, a database, and `npm start` in a folder whose `.env` names none of the App's credentials. */
async function openWorld() {
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
  return { ...chromium, address, envFile, lines, close: () => opened.disposeAsync() };
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
function printedLink(): Promise<string> {
  return eventually(`a link to the set-up\n${world.lines.join("\n")}`, async () => {
    const line = world.lines.findLast((one) => one.includes("/setup?token="));
    return line?.match(/http:\/\/\S+\/setup\?token=[\w-]+/)?.[0];
  });
}

const title = (page: Page) => page.getByRole("heading", { level: 1 });
const item = (page: Page, name: string) => page.getByRole("listitem").filter({ hasText: name });

/** All stories are of one visit of the operator. */
let page: Page;

test("the set-up is closed to whoever does not have the operator's link, and the link opens one browser", async () => {
  const link = await printedLink();
  for (const path of ["/setup", `/setup?token=${"x".repeat(43)}`, "/setup/callback?code=abc&state=def"]) {
    expect((await fetch(`${world.address}${path}`)).status).toBe(403);
  }
  page = await world.newPage();
  await page.goto(link);
  expect(await title(page).textContent()).toBe("Set up AFU-9");
  expect(page.url()).toBe(`${world.address}/setup`);
  expect((await fetch(link)).status).toBe(403);
});

test("the page says why the App needs each permission, and only comes back from GitHub with its own state", async () => {
  const permissions = page.getByRole("row").filter({ hasText: "contents: write" });
  expect(await permissions.textContent()).toContain("create a branch and a commit on it");
  const forged = await page.request.get(`${world.address}/setup/callback?code=abc&state=forged`);
  expect(forged.status()).toBe(403);
  const elsewhere = await page.request.post(`${world.address}/setup/manifest`, {
    headers: { origin: "https://evil.example" },
    form: { publicUrl: world.address, owner: "user", organization: "" },
  });
  expect(elsewhere.status()).toBe(403);
});

test("GitHub makes the App from the manifest, and its credentials are kept where only this user reads them", async () => {
  await page.getByRole("button", { name: "Make the App on GitHub" }).click();
  await page.getByLabel("GitHub App name").fill("our-afu-9");
  await page.getByRole("button", { name: "Create GitHub App" }).click();
  await page.getByRole("heading", { name: "AFU-9 starts with its App" }).waitFor();
  const text = await readFile(world.envFile, "utf8");
  expect(text).toMatch(/^# kept\nAPP_ID=\d+\nAFU9_LOG_LEVEL=info\n/);
  expect((await stat(world.envFile)).mode & 0o777).toBe(0o600);
  const { PRIVATE_KEY = "", ...kept } = parseEnv(text);
  expect(PRIVATE_KEY).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n/);
  expect(kept).toMatchObject({
    PUBLIC_URL: world.address,
    WEBHOOK_SECRET: expect.stringMatching(/^\w{40}$/),
  });
});

test("AFU-9 goes on with the App by itself, and shows what is missing and what to type", async () => {
  await page.getByRole("heading", { name: "Almost there" }).waitFor({ timeout: 60_000 });
  expect(await item(page, "GitHub App").textContent()).toContain("our-afu-9 is registered");
  expect(await item(page, "Model key").textContent()).toContain("echo 'ANTHROPIC_API_KEY=YOUR-KEY' >> .env");
  await item(page, "Installed").getByRole("link", { name: "Install the App" }).click();
  await page.getByRole("button", { name: "Install" }).click();
  await page.getByText("The App is installed on operator.").waitFor();
  await item(page, "Webhook seen").getByText("GitHub's last webhook was installation").waitFor();
});

test("with the model's key in .env the worker starts, and when nothing is missing the set-up closes", async () => {
  await appendFile(world.envFile, "ANTHROPIC_API_KEY=sk-ant-test\n");
  await page.getByRole("heading", { name: "AFU-9 is set up" }).waitFor({ timeout: 90_000 });
  expect(await page.getByRole("listitem").count()).toBe(6);
  expect(await page.getByText("missing").count()).toBe(0);
  expect((await page.goto(`${world.address}/setup`))?.status()).toBe(404);
  expect(await page.getByText("npm run afu9 -- setup open").count()).toBe(1);
});

test("the pages need nothing that their own policy forbids, and no secret was printed", async () => {
  const {
    PRIVATE_KEY = "",
    WEBHOOK_SECRET = "",
    ANTHROPIC_API_KEY = "",
  } = parseEnv(await readFile(world.envFile, "utf8"));
  const printed = world.lines.join("\n");
  for (const secret of [PRIVATE_KEY.split("\n")[1] ?? "", WEBHOOK_SECRET, ANTHROPIC_API_KEY]) {
    expect(secret).not.toBe("");
    expect(printed).not.toContain(secret);
  }
  expect(world.complaints).toEqual([]);
});
