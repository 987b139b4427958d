import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import {
  commits,
  type DeployServer,
  image,
  openDeployServer,
  registry,
  web,
} from "../../test/open-deploy-server.ts";

let server: DeployServer;
beforeAll(async () => {
  server = await openDeployServer();
});
afterAll(() => server.close());

const tag = commits.second;
const deploy = { ...web, image, tag };
const foreignAccount = `999999999999.dkr.ecr.eu-central-1.amazonaws.com/sample`;
const allowed = "It may touch: web of the cluster main, web of the cluster live.";

type Call = [tool: string, args: Record<string, unknown>, words: string];

const table: Record<string, Call> = {
  "10,000 tasks": ["scaleService", { ...web, desiredCount: 10_000 }, "may run 1 to 4 tasks, and not 10000"],
  "no task": ["scaleService", { ...web, desiredCount: 0 }, "may run 1 to 4 tasks"],
  "a negative number of tasks": ["scaleService", { ...web, desiredCount: -1 }, "desiredCount"],
  "half a task": ["scaleService", { ...web, desiredCount: 1.5 }, "desiredCount"],
  "another account's image": [
    "updateService",
    { ...deploy, image: foreignAccount },
    `from another account or registry than the service web may run. Call again with "image": "${image}"`,
  ],
  "another registry": [
    "updateService",
    { ...deploy, image: "docker.io/library/sample" },
    "another account or registry",
  ],
  "another repository's image": [
    "updateService",
    { ...deploy, image: `${registry}/other` },
    "is from another repository than the service web may run",
  ],
  "an image with its tag": ["updateService", { ...deploy, image: `${image}:${tag}` }, "another repository"],
  "an image that begins like the right one": [
    "updateService",
    { ...deploy, image: `${image}-evil` },
    "another repository",
  ],
  "another cluster": ["getServiceStatus", { ...web, cluster: "secret" }, allowed],
  "another service": ["updateService", { ...deploy, service: "other" }, allowed],
  "a service of another repository in a cluster of one's own": [
    "scaleService",
    { ...web, service: "other", desiredCount: 2 },
    allowed,
  ],
  "another cluster's list": ["listServices", { cluster: "secret" }, "It may look at: main, live."],
  "another family": ["getTaskDefinition", { family: "other" }, "It may look at: web, web-live."],
  "a cluster's ARN": [
    "getServiceStatus",
    { ...web, cluster: "arn:aws:ecs:eu-central-1:1:cluster/main" },
    "cluster: expected letters",
  ],
  "a name with a shell in it": [
    "getServiceStatus",
    { ...web, service: "web; rm -rf /" },
    "service: expected letters",
  ],
  "a name with JSON in it": [
    "getServiceStatus",
    { ...web, service: '","cluster":"x' },
    "service: expected letters",
  ],
  "a name with a line in it": ["listServices", { cluster: "main\nlive" }, "cluster: expected letters"],
  "a name with NUL in it": ["listServices", { cluster: "main\0" }, "cluster: expected letters"],
  "a name that is an option": ["listServices", { cluster: "--cluster" }, "cluster: expected letters"],
  "a family with a revision": ["getTaskDefinition", { family: "web:1" }, "family: expected letters"],
  "a name of 300 letters": ["listServices", { cluster: "a".repeat(300) }, "cluster: expected letters"],
  "a name of an object's property": ["listServices", { cluster: "__proto__" }, "It may look at: main, live."],
  "revision 0": ["rollbackService", { ...web, revision: 0 }, "revision"],
  "a revision by its ARN": [
    "rollbackService",
    { ...web, revision: "arn:aws:ecs:x:1:task-definition/other:1" },
    "revision",
  ],
  "an argument that there is not": ["scaleService", { ...web, desiredCount: 2, force: true }, "force"],
};

test.each(Object.entries(table))(
  "%s is refused in clear words, and nothing is asked of AWS but to look",
  async (_, call) => {
    const [tool, args, words] = call;
    server.changes();
    expect(await server.caller.refused(tool, args)).toContain(words);
    expect(server.changes()).toEqual([]);
  },
);

describe("a tag that may move is refused", () => {
  const tags = [
    "latest",
    "main",
    "master",
    "stable",
    "prod",
    "v1",
    "1.2",
    "dev",
    "nightly",
    "feature-x",
    "1.2.3-latest",
    "git-main",
    "sha-latest",
    "release",
    "-rf",
    "",
    "1.2.3 ",
    `${tag}\n`,
    "sha256:abc",
    `sha256:${"A".repeat(64)}`,
    "abc12",
    "deadbeef-prod",
  ];
  test.each(tags)("%j", async (moving) => {
    const words = await server.refused("updateService", { image, tag: moving });
    expect(words).toMatch(
      moving === "" ? /tag: / : /may mean another image tomorrow. Give the image's digest/,
    );
  });
});

describe("a tag that always means the same is taken", () => {
  test.each([
    "0123456",
    "a".repeat(40),
    "git-0123abc",
    "sha-0123abc",
    "v1.2.3",
    "1.2.3-build.45",
    "2.0.0-rc.1",
  ])("%j", async (fixed) => {
    expect(await server.deploy(fixed)).toMatchObject({ image: `${image}:${fixed}` });
  });
});

test("a repository without a target is told how to get one, by every tool", async () => {
  const stranger = await server.connect({ repository: { owner: "acme", repo: "unknown" } });
  const calls = [
    ["updateService", deploy],
    ["getServiceStatus", web],
    ["rollbackService", web],
    ["listServices", { cluster: "main" }],
    ["getTaskDefinition", { family: "web" }],
    ["scaleService", { ...web, desiredCount: 2 }],
  ] as const;
  for (const [tool, args] of calls) {
    expect(await stranger.refused(tool, args)).toContain(
      "The repository acme/unknown has no deployment target",
    );
  }
  await stranger.close();
});
