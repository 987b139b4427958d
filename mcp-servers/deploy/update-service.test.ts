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

test("an image is deployed by a new revision that differs in the image alone", async () => {
  const deployed = await server.deploy(commits.second);
  expect(deployed).toMatchObject({
    environment: "staging",
    image: `${image}:${commits.second}`,
    previousTaskDefinition: expect.stringMatching(/^arn:aws:ecs:.*task-definition\/web:1$/),
    previousRevision: 1,
    taskDefinition: expect.stringMatching(/^arn:aws:ecs:.*task-definition\/web:2$/),
    revision: 2,
    existed: false,
  });
  const { family: _, tags, containerDefinitions, ...rest } = begun;
  const [, made] = server.ecs.revisions({ family: "web" });
  expect(made?.registered).toMatchObject({
    ...rest,
    containerDefinitions: [{ ...containerDefinitions[0], image: `${image}:${commits.second}` }],
  });
  expect(made?.tags).toEqual([
    ...tags,
    { key: "afu9:execution", value: "execution-1" },
    { key: "afu9:base", value: "web:1" },
  ]);
  server.settle();
  expect(server.ecs.service(web).deployments).toEqual([{ revision: 2, rolloutState: "COMPLETED" }]);
});

test("an image is deployed by its digest", async () => {
  const tag = `sha256:${"ab".repeat(32)}`;
  expect(await server.deploy(tag)).toMatchObject({ image: `${image}@${tag}` });
});

test("deploying the same again changes nothing, and names the same revisions", async () => {
  const first = await server.deploy(commits.second);
  server.changes();
  expect(await server.deploy(commits.second)).toMatchObject({ ...first, existed: true });
  expect(server.changes()).toEqual([]);
  server.settle();
  expect(await server.deploy(commits.second)).toMatchObject({ ...first, existed: true });
});

test.each(["RegisterTaskDefinition", "UpdateService"])(
  "when AWS fails after %s was done, calling again makes no second revision",
  async (operation) => {
    const fault = {
      service: "ecs",
      operation,
      code: "ServerException",
      status: 500,
      afterWork: true,
      times: 9,
    };
    server.world.fail(fault);
    expect(await server.refused("updateService", { image, tag: commits.second })).toContain(
      "a fault of its own",
    );
    server.world.heal();
    expect(await server.deploy(commits.second)).toMatchObject({ revision: 2, previousRevision: 1 });
    expect(server.revisions()).toEqual([`1 ${commits.first}`, `2 ${commits.second}`]);
    expect(server.ecs.service(web).history).toHaveLength(2);
  },
);

test("an execution that calls again does not deploy what ECS has rolled back", async () => {
  server.play("failing", "healthy");
  const first = await server.deploy(commits.second);
  server.settle();
  expect(server.ecs.service(web).deployments).toEqual([{ revision: 1, rolloutState: "COMPLETED" }]);
  expect(await server.deploy(commits.second)).toMatchObject({
    ...first,
    existed: true,
    note: expect.stringContaining("ECS rolled it back"),
  });
  expect(server.ecs.service(web).history).toHaveLength(2);
});

test("another execution may try the same image again, by a revision of its own", async () => {
  server.play("failing", "healthy");
  await server.deploy(commits.second);
  server.settle();
  const other = await server.connect({ execution: "execution-2" });
  expect(await other.call("updateService", { ...web, image, tag: commits.second })).toMatchObject({
    revision: 3,
    previousRevision: 1,
    existed: false,
  });
  await other.close();
});

test("of several containers the target's one gets the image, and without its name the operator is asked", async () => {
  const sidecar = { name: "proxy", image: "proxy:1", essential: false };
  const containerDefinitions = [sidecar, ...begun.containerDefinitions];
  for (const cluster of ["main", "live"]) {
    const taskDefinition = { ...begun, family: `pair-${cluster}`, containerDefinitions };
    server.ecs.removeService({ cluster, service: "web" });
    server.ecs.addService({ cluster, service: "web", taskDefinition });
  }
  expect(await server.refused("updateService", { image, tag: commits.second })).toContain(
    "several containers (proxy, app). An operator must say in AFU9_DEPLOY_TARGETS which one",
  );
  await server.call("updateService", { cluster: "live", image, tag: commits.second });
  const [, made] = server.ecs.revisions({ family: "pair-live" });
  expect(made?.registered.containerDefinitions.map((one) => one.image)).toEqual([
    "proxy:1",
    `${image}:${commits.second}`,
  ]);
});

test("of two changes of a service at the same time the second is told to come again", async () => {
  const [target] = server.targets;
  if (!target) throw new Error("Expected a target");
  const first = Promise.withResolvers<void>();
  const held = server.inLock(target, () => first.promise);
  const args = { ...web, image, tag: commits.second };
  for (const [name, more] of [
    ["updateService", args],
    ["rollbackService", web],
    ["scaleService", { ...web, desiredCount: 3 }],
  ] as const) {
    const answer = await server.caller.client.callTool({ name, arguments: more });
    expect(JSON.stringify(answer.content)).toContain(
      "another change of the service web of the cluster main is under way",
    );
    expect(answer._meta).toMatchObject({ "afu9/retryable": true });
  }
  expect(server.changes()).toEqual([]);
  first.resolve();
  await held;
  expect(await server.deploy(commits.second)).toMatchObject({ revision: 2 });
});
