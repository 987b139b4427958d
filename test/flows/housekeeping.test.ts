import { afterAll, beforeAll, describe, expect } from "@jest/globals";
import { Redis } from "ioredis";
import { eventually } from "../eventually.ts";
import { startRedis } from "../redis.ts";
import { requireProgram } from "../requires.ts";
import { buggyRepository, goodScript } from "../sample.ts";
import { type System, startSystem } from "../system.ts";

const at = { owner: "acme", repo: "sample" };

describe.each([{ on: "PostgreSQL" }, { on: "Redis" }])("on $on", ({ on }) => {
  const test =
    on === "Redis"
      ? requireProgram("redis-server", "apt-get install redis-server")
      : requireProgram("node", "npm ci");
  let redis: Awaited<ReturnType<typeof startRedis>> | undefined;
  let system: System;
  beforeAll(async () => {
    if (!test.isMet) return;
    if (on === "Redis") redis = await startRedis();
    system = await startSystem({ script: goodScript, files: buggyRepository, redisUrl: redis?.url });
  }, 60_000);
  afterAll(async () => {
    await system?.close();
    await redis?.stop();
  });

  /** An issue that somebody labels while nobody is there to hear of it. */
  const labelledIssue = async (title: string) =>
    (await system.maintainer.rest.issues.create({ ...at, title, labels: ["afu9"] })).data.number;
  async function attempts(action: string) {
    const { data } = await system.asApp.rest.apps.listWebhookDeliveries();
    return data.filter((delivery) => delivery.event === "issues" && delivery.action === action);
  }
  async function loseQueue(): Promise<void> {
    if (redis) {
      const client = new Redis(redis.url);
      await client.flushall();
      return client.disconnect();
    }
    await system.db.pool.query(
      "TRUNCATE bullmq.job, bullmq.scheduler, bullmq.dedup, bullmq.dedup_next CASCADE",
    );
  }

  test("an issue that was labelled while the app was down is done when it is back, once", async () => {
    system.kill(system.app);
    const issue = await labelledIssue("add(2, 2) is 0");
    await eventually("GitHub to give up", async () => (await attempts("labeled"))[0]);
    await system.startApp({ more: { PORT: new URL(system.app.url).port } });
    const execution = await system.finished(issue);
    expect({ status: execution.status, error: execution.error }).toEqual({
      status: "succeeded",
      error: null,
    });

    expect(await system.db.prisma.workflowExecution.count()).toBe(1);
    // Its own labels, which show how it stands, are deliveries too.
    const sent = (await attempts("labeled")).filter(({ guid }) => guid === execution.deliveryId);
    expect(sent.map(({ guid, redelivery }) => ({ guid, redelivery }))).toEqual([
      { guid: execution.deliveryId, redelivery: true },
      { guid: execution.deliveryId, redelivery: false },
    ]);
  }, 120_000);

  test("a delivery that lies there is taken after the whole queue was lost, without a restart", async () => {
    await loseQueue();
    const { id } = await system.db.prisma.webhookDelivery.create({
      data: {
        id: "lies-there",
        event: "ping",
        payload: Buffer.from(JSON.stringify({ sender: { id: 1, login: "pat", type: "User" } })),
      },
    });
    await eventually("the delivery to be taken", async () => {
      const row = await system.db.prisma.webhookDelivery.findUniqueOrThrow({ where: { id } });
      return row.status === "processed" ? true : undefined;
    });
  }, 90_000);
});
