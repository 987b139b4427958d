import { afterEach, beforeEach, expect, test } from "@jest/globals";
import {
  begun,
  commits,
  type DeployServer,
  image,
  openDeployServer,
  web,
} from "../../test/open-deploy-server.ts";

let server: DeployServer;
beforeEach(async () => {
  server = await openDeployServer();
});
afterEach(() => server.close());

/** Three revisions, of which the third runs. */
async function deployTwice() {
  await server.deploy(commits.second);
  server.settle();
  await server.deploy(commits.third);
  server.settle();
}

const running = () => server.ecs.service(web).deployments[0]?.revision;
const asAnother = async (name: string, args: object = {}) => {
  const other = await server.connect({ execution: "execution-2" });
  const answer = await other.call<Record<string, unknown>>(name, { ...web, ...args });
  await other.close();
  return answer;
};

test("a rollback goes to the last completed deployment's revision, and no new one is made", async () => {
  await deployTwice();
  expect(await server.call("rollbackService")).toMatchObject({
    environment: "staging",
    from: "web:3",
    to: "web:2",
    revision: 2,
    image: `${image}:${commits.second}`,
    existed: false,
  });
  server.settle();
  expect(running()).toBe(2);
  expect(server.revisions()).toHaveLength(3);
});

test("a deployment that hangs is left for the one before it", async () => {
  server.play("slow", "healthy");
  await server.deploy(commits.second);
  server.ecs.advance();
  expect(await server.call("rollbackService")).toMatchObject({ from: "web:2", to: "web:1" });
  server.settle();
  expect(running()).toBe(1);
});

test("the same execution goes back once, also when it is not told of its success", async () => {
  await deployTwice();
  const fault = {
    service: "ecs",
    operation: "UpdateService",
    code: "ServerException",
    status: 500,
    afterWork: true,
  };
  server.world.fail({ ...fault, times: 9 });
  expect(await server.refused("rollbackService")).toContain("a fault of its own");
  server.world.heal();
  expect(await server.call("rollbackService")).toMatchObject({ from: "web:3", to: "web:2", existed: true });
  server.settle();
  expect(await server.call("rollbackService")).toMatchObject({ to: "web:2", existed: true });
  expect(running()).toBe(2);
});

test("what was rolled back from is nothing to go back to", async () => {
  await deployTwice();
  await server.call("rollbackService");
  server.settle();
  expect(await asAnother("rollbackService")).toMatchObject({ from: "web:2", to: "web:1" });
});

test("when ECS has rolled back by itself, nothing is changed", async () => {
  server.play("failing", "healthy");
  await server.deploy(commits.second);
  server.settle();
  server.changes();
  expect(await server.call("rollbackService")).toMatchObject({
    from: "web:2",
    to: "web:1",
    existed: true,
    note: expect.stringContaining("circuit breaker"),
  });
  expect(server.changes()).toEqual([]);
});

test("a revision that is named is gone to, forwards as well as back", async () => {
  await deployTwice();
  expect(await server.call("rollbackService", { revision: 1 })).toMatchObject({ from: "web:3", to: "web:1" });
  server.settle();
  expect(await server.call("rollbackService", { revision: 1 })).toMatchObject({ existed: true });
  expect(await server.call("rollbackService", { revision: 3 })).toMatchObject({
    to: "web:3",
    existed: false,
  });
});

test("a revision that is not active, not there, or runs a foreign image is refused", async () => {
  await deployTwice();
  server.ecs.deregister({ taskDefinition: "web:1" });
  server.changes();
  expect(await server.refused("rollbackService", { revision: 1 })).toContain("web:1 is not active any more");
  expect(await server.refused("rollbackService", { revision: 99 })).toContain(
    "Unable to describe task definition",
  );
  const foreign = [{ ...begun.containerDefinitions[0], name: "app", image: "evil.example/sample:1" }];
  const { taskDefinition } = server.ecs.addService({
    cluster: "main",
    service: "stray",
    taskDefinition: { ...begun, containerDefinitions: foreign },
  });
  const revision = Number(taskDefinition.split(":").at(-1));
  expect(await server.refused("rollbackService", { revision })).toContain("may only run images of");
  expect(server.changes()).toEqual([]);
});

test("without a completed deployment before it there is nothing to go back to", async () => {
  expect(await server.refused("rollbackService")).toContain("nothing to go back to. Name a revision");
});
