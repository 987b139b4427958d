import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { commits, type DeployServer, image, openDeployServer } from "../../test/open-deploy-server.ts";

let server: DeployServer;
beforeEach(async () => {
  server = await openDeployServer();
});
afterEach(() => server.close());

type Status = { outcome: string; events: { at: string; message: string }[]; earlierEvents: number };
const status = () => server.call<Status>("getServiceStatus");

test("a rollout is followed from its beginning to its end", async () => {
  await server.deploy(commits.second);
  expect(await status()).toMatchObject({
    outcome: "in_progress",
    desired: 2,
    running: 2,
    revision: 2,
    image: `${image}:${commits.second}`,
    deployments: [
      { status: "PRIMARY", revision: "web:2", rolloutState: "IN_PROGRESS", running: 0 },
      { status: "ACTIVE", revision: "web:1", running: 2 },
    ],
    circuitBreaker: { enabled: true, rollback: true, tripped: false },
  });
  server.settle();
  const done = await status();
  expect(done).toMatchObject({
    outcome: "completed",
    running: 2,
    pending: 0,
    deployments: [{ revision: "web:2" }],
  });
  expect(done.events[0]).toMatchObject({
    message: expect.stringContaining("steady state"),
    at: expect.stringMatching(/Z$/),
  });
});

test("a rollout that fails is told from its first lost task to the rollback's end", async () => {
  server.play("failing", "healthy");
  await server.deploy(commits.second);
  server.ecs.advance();
  expect(await status()).toMatchObject({ outcome: "in_progress", deployments: [{ failed: 1 }, {}] });
  server.ecs.advance({ steps: 2 });
  expect(await status()).toMatchObject({
    outcome: "rolling_back",
    reason: expect.stringContaining("ECS deployment circuit breaker: tasks failed to start"),
    revision: 1,
    circuitBreaker: { tripped: true },
  });
  server.settle();
  expect(await status()).toMatchObject({
    outcome: "rolled_back",
    revision: 1,
    image: `${image}:${commits.first}`,
  });
});

test("a rollback that fails as well is a failure", async () => {
  server.play("failedRollback");
  await server.deploy(commits.second);
  server.settle();
  expect(await status()).toMatchObject({ outcome: "failed", circuitBreaker: { tripped: true } });
});

test("of many events the newest ten are told, and how many there were before", async () => {
  for (const tag of ["aaaaaaa", "bbbbbbb", "ccccccc", "ddddddd", "eeeeeee", "fffffff"]) {
    await server.deploy(tag);
    server.settle();
  }
  const { events, earlierEvents } = await status();
  expect([events.length, earlierEvents]).toEqual([10, 4]);
});

test("a throttled read is tried again before anybody notices", async () => {
  server.world.fail({ service: "ecs", operation: "DescribeServices", code: "ThrottlingException", times: 2 });
  expect(await status()).toMatchObject({ outcome: "completed" });
});
