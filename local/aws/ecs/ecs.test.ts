import {
  DescribeClustersCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  ECSClient,
  ListServiceDeploymentsCommand,
  ListServicesCommand,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from "@aws-sdk/client-ecs";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { createLogger } from "../../../shared/logger.ts";
import { type LocalAws, startAws } from "../start-aws.ts";
import { localKey } from "../world.ts";
import type { Play } from "./state.ts";

const web = { cluster: "main", service: "web" };
const taskDefinition = { family: "web", containerDefinitions: [{ name: "app", image: "app:1" }] };

let aws: LocalAws;
let client: ECSClient;
beforeEach(async () => {
  aws = await startAws({ port: 0, log: createLogger("test", "silent") });
  aws.controls.ecs.addCluster({ name: "main" });
  aws.controls.ecs.addService({ ...web, taskDefinition });
  aws.controls.ecs.advanceByRequest({ on: false });
  client = new ECSClient({
    endpoint: aws.url,
    region: "eu-central-1",
    credentials: localKey,
    maxAttempts: 1,
  });
});
afterEach(() => {
  client.destroy();
  return aws.close();
});

/** Registers app:<revision> and has the service go to it. */
async function deploy(...plays: Play[]) {
  aws.controls.ecs.play({ ...web, plays });
  const revision = aws.controls.ecs.revisions({ family: "web" }).length + 1;
  const containerDefinitions = [{ name: "app", image: `app:${revision}` }];
  await client.send(new RegisterTaskDefinitionCommand({ family: "web", containerDefinitions }));
  await client.send(new UpdateServiceCommand({ ...web, taskDefinition: "web" }));
}

async function look() {
  const { services } = await client.send(new DescribeServicesCommand({ cluster: "main", services: ["web"] }));
  const [service] = services ?? [];
  return {
    running: service?.runningCount,
    events: service?.events?.map(({ message }) => message) ?? [],
    deployments: (service?.deployments ?? []).map((one) => {
      const revision = one.taskDefinition?.split(":").at(-1);
      return `${one.status} ${revision} ${one.rolloutState} running ${one.runningCount} failed ${one.failedTasks}`;
    }),
  };
}

const history = () =>
  aws.controls.ecs.service(web).history.map(({ status, revision }) => `${revision} ${status}`);

describe("a rollout", () => {
  test("starts new tasks beside the old ones, and is complete when only they are left", async () => {
    await deploy("healthy");
    const old = "ACTIVE 1 COMPLETED running 2 failed 0";
    expect((await look()).deployments).toEqual(["PRIMARY 2 IN_PROGRESS running 0 failed 0", old]);
    aws.controls.ecs.advance({ steps: 2 });
    expect((await look()).running).toBe(2);
    aws.controls.ecs.advance();
    const { deployments, events } = await look();
    expect(deployments).toEqual(["PRIMARY 2 COMPLETED running 2 failed 0"]);
    expect(events[0]).toContain("has reached a steady state");
    expect(history()).toEqual(["2 SUCCESSFUL", "1 SUCCESSFUL"]);
  });

  test("that is slow is under way for long", async () => {
    await deploy("slow");
    aws.controls.ecs.advance({ steps: 19 });
    expect((await look()).deployments[0]).toContain("IN_PROGRESS");
    aws.controls.ecs.advance();
    expect((await look()).deployments[0]).toContain("COMPLETED");
  });

  test("that fails is given up by the circuit breaker after three tasks, and rolled back", async () => {
    await deploy("failing");
    aws.controls.ecs.advance({ steps: 3 });
    const { deployments, events } = await look();
    expect(deployments).toEqual([
      "PRIMARY 1 IN_PROGRESS running 0 failed 0",
      "ACTIVE 2 FAILED running 0 failed 3",
      "ACTIVE 1 COMPLETED running 2 failed 0",
    ]);
    expect(events[0]).toMatch(/rolling back to deployment ecs-svc\/\d+/);
    aws.controls.ecs.advance({ steps: 3 });
    expect((await look()).deployments).toEqual(["PRIMARY 1 COMPLETED running 2 failed 0"]);
    expect(history()).toEqual(["2 ROLLBACK_SUCCESSFUL", "1 SUCCESSFUL"]);
  });

  test("can fail in its rollback as well", async () => {
    await deploy("failedRollback");
    aws.controls.ecs.advance({ steps: 6 });
    expect((await look()).deployments[0]).toBe("PRIMARY 1 FAILED running 0 failed 3");
    expect(history()[0]).toBe("2 ROLLBACK_FAILED");
  });

  test("without a circuit breaker goes on failing", async () => {
    aws.controls.ecs.addService({
      ...web,
      service: "bare",
      taskDefinition,
      circuitBreaker: { enable: false, rollback: false },
    });
    aws.controls.ecs.play({ cluster: "main", service: "bare", plays: ["failing"] });
    await client.send(
      new UpdateServiceCommand({ cluster: "main", service: "bare", forceNewDeployment: true }),
    );
    aws.controls.ecs.advance({ steps: 10 });
    expect(aws.controls.ecs.service({ ...web, service: "bare" }).deployments[0]?.rolloutState).toBe(
      "IN_PROGRESS",
    );
  });

  test("that a newer one replaces is stopped, and goes by the next play", async () => {
    await deploy("slow");
    await deploy("healthy");
    aws.controls.ecs.advance({ steps: 3 });
    expect(history()).toEqual(["3 SUCCESSFUL", "2 STOPPED", "1 SUCCESSFUL"]);
  });

  test("goes on with each look when nobody said otherwise", async () => {
    aws.controls.ecs.advanceByRequest({ on: true });
    await deploy("healthy");
    for (let count = 0; count < 3; count += 1) await look();
    expect((await look()).deployments).toEqual(["PRIMARY 2 COMPLETED running 2 failed 0"]);
  });

  test("is told with the service revision that it is to", async () => {
    const listed = await client.send(new ListServiceDeploymentsCommand(web));
    const [deployment] = listed.serviceDeployments ?? [];
    expect(deployment).toMatchObject({ status: "SUCCESSFUL", finishedAt: expect.any(Date) });
    const serviceRevisionArns = [deployment?.targetServiceRevisionArn ?? "", "arn:nothing"];
    const { serviceRevisions, failures } = await client.send(
      new DescribeServiceRevisionsCommand({ serviceRevisionArns }),
    );
    expect(serviceRevisions?.[0]?.taskDefinition).toMatch(/task-definition\/web:1$/);
    expect(failures).toEqual([{ arn: "arn:nothing", reason: "MISSING" }]);
  });
});

describe("task definitions", () => {
  test("count up in their family, keep what they were given, and are listed newest first when asked", async () => {
    const secrets = [{ name: "TOKEN", valueFrom: "arn:aws:ssm:eu-central-1:123456789012:parameter/token" }];
    const containerDefinitions = [{ name: "app", image: "app:2", secrets }];
    const tags = [{ key: "team", value: "one" }];
    const made = await client.send(
      new RegisterTaskDefinitionCommand({ family: "web", containerDefinitions, tags }),
    );
    expect(made.taskDefinition).toMatchObject({
      revision: 2,
      status: "ACTIVE",
      containerDefinitions: [{ secrets }],
    });
    const read = await client.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: "web", include: ["TAGS"] }),
    );
    expect(read).toMatchObject({
      tags,
      taskDefinition: { revision: 2, containerDefinitions: [{ secrets }] },
    });
    const listed = await client.send(new ListTaskDefinitionsCommand({ familyPrefix: "web", sort: "DESC" }));
    expect(listed.taskDefinitionArns?.map((arn) => arn.split("/")[1])).toEqual(["web:2", "web:1"]);
  });

  test("that are inactive can be read, and not run", async () => {
    await deploy("healthy");
    aws.controls.ecs.deregister({ taskDefinition: "web:1" });
    expect(await client.send(new DescribeTaskDefinitionCommand({ taskDefinition: "web:1" }))).toMatchObject({
      taskDefinition: { status: "INACTIVE" },
    });
    await expect(
      client.send(new UpdateServiceCommand({ ...web, taskDefinition: "web:1" })),
    ).rejects.toMatchObject({
      name: "ClientException",
    });
  });
});

test("services are listed page by page", async () => {
  for (let count = 1; count <= 11; count += 1) {
    aws.controls.ecs.addService({ cluster: "main", service: `more-${count}`, taskDefinition });
  }
  const first = await client.send(new ListServicesCommand({ cluster: "main" }));
  const second = await client.send(new ListServicesCommand({ cluster: "main", nextToken: first.nextToken }));
  expect([first.serviceArns?.length, second.serviceArns?.length]).toEqual([10, 2]);
  expect(second.nextToken).toBeUndefined();
});

test("running and failed tasks can be looked at", async () => {
  await deploy("failing");
  aws.controls.ecs.advance();
  const { taskArns: tasks } = await client.send(
    new ListTasksCommand({ cluster: "main", serviceName: "web", desiredStatus: "STOPPED" }),
  );
  const described = await client.send(new DescribeTasksCommand({ cluster: "main", tasks }));
  expect(described.tasks).toMatchObject([
    { stoppedReason: "Essential container in task exited", containers: [{ image: "app:2", exitCode: 1 }] },
  ]);
});

describe("what is not there or not right", () => {
  test("is refused in ECS's words", async () => {
    const refusal = (request: Promise<unknown>) =>
      request.then(
        () => undefined,
        ({ name, message }) => `${name}: ${message}`,
      );
    const there = { services: ["web"] };
    expect([
      await refusal(client.send(new DescribeServicesCommand({ ...there, cluster: "none" }))),
      await refusal(client.send(new UpdateServiceCommand({ ...web, service: "none" }))),
      await refusal(client.send(new UpdateServiceCommand({ ...web, taskDefinition: "none" }))),
      await refusal(client.send(new DescribeTaskDefinitionCommand({ taskDefinition: "none" }))),
      await refusal(client.send(new DescribeServicesCommand({ cluster: "main", services: [] }))),
    ]).toEqual([
      "ClusterNotFoundException: Cluster not found.",
      "ServiceNotFoundException: Service not found.",
      "ClientException: TaskDefinition not found.",
      "ClientException: Unable to describe task definition.",
      "InvalidParameterException: Services cannot be empty.",
    ]);
    await expect(client.send(new UpdateServiceCommand({ ...web, desiredCount: -1 }))).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
  });

  test("is named in the failures of what describes several", async () => {
    const failures = [{ arn: "none", reason: "MISSING" }];
    const services = await client.send(new DescribeServicesCommand({ cluster: "main", services: ["none"] }));
    const clusters = await client.send(new DescribeClustersCommand({ clusters: ["main", "none"] }));
    expect([services.failures, clusters.failures]).toEqual([failures, failures]);
    expect(clusters.clusters).toMatchObject([{ clusterName: "main", activeServicesCount: 1 }]);
  });
});

test("a throttled client that tries again gets its answer", async () => {
  const fault = {
    service: "ecs",
    operation: "DescribeServices",
    code: "ThrottlingException",
    message: "Rate exceeded",
  };
  aws.controls.world.fail({ ...fault, times: 2 });
  const patient = new ECSClient({ endpoint: aws.url, region: "eu-central-1", credentials: localKey });
  const request = new DescribeServicesCommand({ cluster: "main", services: ["web"] });
  expect((await patient.send(request)).services).toHaveLength(1);
  patient.destroy();
  expect(aws.controls.world.takeRequests().map(({ status }) => status)).toEqual([400, 400, 200]);
});
