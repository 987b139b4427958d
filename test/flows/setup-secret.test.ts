// The set-up where the credentials go into a secret of AWS Secrets Manager, from which AFU-9 starts by itself.
import { readFile } from "node:fs/promises";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, expect } from "@jest/globals";
import { readSecret } from "../../app/setup/secret-store.ts";
import { type LocalAws, startAws } from "../../local/aws/start-aws.ts";
import { localKey } from "../../local/aws/world.ts";
import { createLogger } from "../../shared/logger.ts";
import { browserProgram } from "../browser.ts";
import { item, openSetupWorld, type SetupWorld } from "../open-setup-world.ts";
import { requireProgram } from "../requires.ts";

const test = requireProgram(browserProgram, "apt-get install --no-install-recommends chromium");
const name = "afu9/github";
const client = { region: "eu-central-1", credentials: localKey };

let aws: LocalAws;
let world: SetupWorld;
beforeAll(async () => {
  if (!test.isMet) return;
  aws = await startAws({ port: 0, log: createLogger("test", "silent") });
  aws.controls.secrets.add({ name, text: `{"AFU9_LOG_LEVEL":"info"}` });
  world = await openSetupWorld({ ...aws.env, AFU9_SECRETS_ARN: name });
}, 120_000);
afterAll(async () => {
  await world?.close();
  await aws?.close();
}, 60_000);

test("the App's credentials go into the secret and nowhere else, and AFU-9 starts with them", async () => {
  const page = await world.newPage();
  await page.goto(await world.printedLink());
  await page.getByRole("button", { name: "Make the App on GitHub" }).click();
  await page.getByLabel("GitHub App name").fill("our-afu-9");
  await page.getByRole("button", { name: "Create GitHub App" }).click();
  await page.getByRole("heading", { name: "Almost there" }).waitFor({ timeout: 60_000 });
  expect(await item(page, "GitHub App").textContent()).toContain("our-afu-9 is registered");
  const kept = await readSecret(new SecretsManagerClient({ ...client, endpoint: aws.url }), name);
  expect(kept).toMatchObject({
    AFU9_LOG_LEVEL: "info",
    APP_ID: expect.stringMatching(/^\d+$/),
    WEBHOOK_SECRET: expect.stringMatching(/^\w{40}$/),
    PRIVATE_KEY: expect.stringMatching(/^-----BEGIN RSA PRIVATE KEY-----\n/),
  });
  const places = { ".env": await readFile(world.envFile, "utf8"), printed: world.lines.join("\n") };
  for (const secret of [kept.WEBHOOK_SECRET, kept.PRIVATE_KEY?.split("\n")[1]]) {
    expect(secret).toBeTruthy();
    for (const text of Object.values(places)) expect(text).not.toContain(secret);
  }
  expect(places[".env"]).toContain("APP_ID=\n");
  expect(world.complaints).toEqual([]);
});
