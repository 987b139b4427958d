// The set-up as an operator sees it: `npm start` without credentials, a browser, and GitHub's pages.
import { appendFile, readFile, stat } from "node:fs/promises";
import { parseEnv } from "node:util";
import { afterAll, beforeAll, expect } from "@jest/globals";
import type { Page } from "playwright-core";
import { browserProgram } from "../browser.ts";
import { item, openSetupWorld, type SetupWorld, title } from "../open-setup-world.ts";
import { requireProgram } from "../requires.ts";

const test = requireProgram(browserProgram, "apt-get install --no-install-recommends chromium");

let world: SetupWorld;
beforeAll(async () => {
  if (test.isMet) world = await openSetupWorld();
}, 120_000);
afterAll(() => world?.close(), 60_000);

/** All stories are of one visit of the operator. */
let page: Page;

test("the set-up is closed to whoever does not have the operator's link, and the link opens one browser", async () => {
  const link = await world.printedLink();
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
