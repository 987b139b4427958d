import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { commits, type DeployServer, image, openDeployServer, web } from "../../test/open-deploy-server.ts";

let server: DeployServer;
beforeAll(async () => {
  server = await openDeployServer();
});
afterAll(() => server.close());

test("of a cluster's services those are listed that the repository may deploy to", async () => {
  const { services } = await server.caller.call<{ services: object[] }>("listServices", { cluster: "main" });
  expect(services).toEqual([
    {
      service: "web",
      environment: "staging",
      exists: true,
      desired: 2,
      running: 2,
      revision: "web:1",
      rolloutState: "COMPLETED",
      minCount: 1,
      maxCount: 4,
    },
  ]);
});

test("a target whose service is not there is listed as such, and can't be used", async () => {
  const text = `[{"repository":"acme/sample","cluster":"main","service":"gone","image":"${image}","environment":"e","maxCount":2}]`;
  const other = await openDeployServer({ targets: text });
  const listed = await other.caller.call("listServices", { cluster: "main" });
  expect(listed).toMatchObject({ services: [{ service: "gone", exists: false }] });
  expect(await other.refused("getServiceStatus", { service: "gone" })).toContain(
    "has no active service gone",
  );
  await other.close();
});

test("a task definition shows the names of variables and secrets, and no value", async () => {
  const shown = await server.caller.call("getTaskDefinition", { family: "web" });
  expect(shown).toMatchObject({
    family: "web",
    revision: 1,
    cpu: "256",
    taskRole: "arn:aws:iam::123456789012:role/web",
    containers: [
      {
        name: "app",
        image: `${image}:${commits.first}`,
        ports: [8080],
        environment: ["PASSWORD"],
        secrets: ["TOKEN"],
      },
    ],
    tags: { team: "one" },
  });
  expect(JSON.stringify(shown)).not.toContain("in the clear");
});

test("a revision of a task definition can be named", async () => {
  await server.deploy(commits.second);
  const newest = await server.caller.call("getTaskDefinition", { family: "web" });
  const first = await server.caller.call("getTaskDefinition", { family: "web", revision: 1 });
  expect([newest, first]).toMatchObject([{ revision: 2 }, { revision: 1 }]);
});

test("a service is scaled within its bounds, and what is so already is left alone", async () => {
  const scaled = await server.call("scaleService", { desiredCount: 4 });
  expect(scaled).toEqual({ environment: "staging", previousCount: 2, desiredCount: 4, existed: false });
  expect(await server.call("scaleService", { desiredCount: 4 })).toMatchObject({ existed: true });
  expect(server.ecs.service(web).desiredCount).toBe(4);
});
