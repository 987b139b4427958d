// `npm run afu9 -- doctor` on a whole installation, and on one in which things are wrong.
import { generateKeyPairSync } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import type { Finding } from "../../cli/doctor/finding.ts";
import { keepBeating, readHeartbeats } from "../../shared/heartbeat.ts";
import { createLogger } from "../../shared/logger.ts";
import { eventually } from "../eventually.ts";
import { runAfu9With } from "../run-afu9.ts";
import { type System, startSystem } from "../system.ts";

let system: System;
let env: Record<string, string | undefined>;
beforeAll(async () => {
  system = await startSystem({
    script: [{ text: "Nobody asks.", calls: [] }],
    files: { "README.md": "Sample" },
  });
  const { app } = system;
  await system.github.updateApp(system.appId, { webhookUrl: `${app.url}/api/webhooks/github` });
  env = { ...system.env, PUBLIC_URL: app.url, PORT: new URL(app.url).port };
  await eventually("the worker to say that it is up", async () => {
    const row = await system.db.prisma.heartbeat.findFirst({ where: { service: "worker" } });
    return row ?? undefined;
  });
}, 120_000);
afterAll(() => system?.close());

async function examine(change: Record<string, string | undefined> = {}) {
  const { code, stdout } = await runAfu9With({ ...env, ...change }, "doctor", "--json");
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  return { code, faults: findings.filter(({ state }) => state === "fault"), findings };
}
const about = (findings: Finding[], what: string) => findings.filter((finding) => finding.about === what);

test("on an installation that works, all is well but what the App was not given", async () => {
  const { code, faults, findings } = await examine();
  expect(faults).toEqual([
    {
      about: "permissions",
      state: "fault",
      detail: "the App lacks deployments: write, check_suite",
      mend: expect.stringContaining("/settings/apps/afu-9/permissions"),
    },
  ]);
  expect(code).toBe(1);
  expect(findings.filter(({ state }) => state === "open").map((finding) => finding.about)).toEqual([
    "sandbox",
  ]);
  expect(about(findings, "MCP servers").map(({ detail }) => detail.split(" ")[0])).toEqual([
    "github",
    "workspace",
  ]);
});

test("what is wrong is named with what to do, and nothing of a secret is shown", async () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const foreign = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
  const { faults } = await examine({
    PRIVATE_KEY: foreign,
    PUBLIC_URL: "http://127.0.0.1:9",
    PORT: "9",
    AFU9_MCP_SECRET: "another secret of the tests, long",
    ANTHROPIC_API_KEY: "",
    AFU9_MODEL: "a-model-of-nobody",
  });
  const all = faults.map(({ about, detail, mend }) => `${about}: ${detail} -> ${mend}`).join("\n");
  for (const words of [
    "GitHub App: GitHub does not take the key",
    "public address: http://127.0.0.1:9/api/health does not lead to AFU-9",
    "app: nothing listens at http://127.0.0.1:9 -> npm start",
    "MCP servers: github at http",
    "same AFU9_MCP_SECRET",
    "model key: anthropic: ANTHROPIC_API_KEY is not set -> Put a key into .env",
    "model price:",
  ]) {
    expect(all).toContain(words);
  }
  expect(all).not.toContain(foreign.split("\n")[1]);
});

test("an App that is unknown, a webhook that goes elsewhere and a database that is away are faults", async () => {
  const unknown = await examine({ APP_ID: "1" });
  expect(about(unknown.faults, "GitHub App")[0]?.detail).toContain("knows no App with the id in APP_ID");

  await system.github.updateApp(system.appId, { webhookUrl: "https://elsewhere.example/hooks" });
  const moved = await examine();
  expect(about(moved.faults, "webhook address")[0]).toMatchObject({
    detail: `it is https://elsewhere.example/hooks, and PUBLIC_URL is ${env.PUBLIC_URL}`,
    mend: expect.stringContaining(`${env.PUBLIC_URL}/api/webhooks/github`),
  });

  const away = await examine({ DATABASE_URL: "postgresql://afu9@127.0.0.1:9/afu9" });
  for (const what of ["database", "queue", "workers", "MCP servers"]) {
    expect(about(away.faults, what)[0]?.detail).toContain("can't be reached");
  }
});

test("without any setting it still says everything, and ends with 1", async () => {
  const { code, faults } = await examine({
    APP_ID: "",
    PRIVATE_KEY: "",
    WEBHOOK_SECRET: "",
    REDIS_URL: "redis://127.0.0.1:9",
  });
  expect(code).toBe(1);
  const settings = about(faults, "settings").map(({ detail }) => detail.split(":")[0]);
  expect(settings).toEqual(expect.arrayContaining(["APP_ID", "WEBHOOK_SECRET"]));
  expect(about(faults, "queue")[0]?.detail).toContain("the Redis in REDIS_URL does not answer");
});

test("a process that stops takes its heartbeat away, and one that is silent is not counted", async () => {
  const { db } = system;
  const beating = keepBeating({
    db,
    service: "test",
    facts: async () => ({ a: 1 }),
    log: createLogger("test", "silent"),
  });
  const count = () => db.prisma.heartbeat.count({ where: { service: "test" } });
  await eventually("a heartbeat", async () => ((await count()) === 1 ? true : undefined));
  await beating.stop();
  expect(await count()).toBe(0);

  await db.pool.query(
    "INSERT INTO heartbeats (service, instance, facts, beat_at) VALUES ('test', 'gone', '{}', now() - interval '1 minute')",
  );
  expect(await readHeartbeats(db, "test")).toEqual([]);
});
