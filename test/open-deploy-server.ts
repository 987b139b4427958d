// The MCP server `deploy` in front of a local AWS, with a real client that holds a capability for `acme/sample`.
import type { Play } from "../local/aws/ecs/state.ts";
import { startAws } from "../local/aws/start-aws.ts";
import { localKey } from "../local/aws/world.ts";
import { createClients } from "../mcp-servers/deploy/clients.ts";
import { lockInProcess } from "../mcp-servers/deploy/service-lock.ts";
import { deployTools } from "../mcp-servers/deploy/tools.ts";
import { targetList } from "../mcp-servers/targets.ts";
import { createLogger } from "../shared/logger.ts";
import { serveToTest } from "./serve-to-test.ts";

export const registry = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
export const image = `${registry}/sample`;
export const web = { cluster: "main", service: "web" };
/** Tags that always mean the same image. */
export const commits = { first: "1111111", second: "2222222", third: "3333333" };

export const targetsText = `
- { repository: acme/sample, cluster: main, service: web, image: ${image}, environment: staging, minCount: 1, maxCount: 4 }
- { repository: Acme/Sample, cluster: live, service: web, image: ${image}, container: app, environment: production, maxCount: 8 }
- { repository: acme/other, cluster: main, service: other, image: ${registry}/other, environment: staging, maxCount: 4 }
`;

/** The task definition that the service begins with: the image is one of many things. */
export const begun = {
  family: "web",
  cpu: "256",
  memory: "512",
  networkMode: "awsvpc",
  requiresCompatibilities: ["FARGATE"],
  taskRoleArn: "arn:aws:iam::123456789012:role/web",
  executionRoleArn: "arn:aws:iam::123456789012:role/web-execution",
  containerDefinitions: [
    {
      name: "app",
      image: `${image}:${commits.first}`,
      essential: true,
      environment: [{ name: "PASSWORD", value: "in the clear" }],
      secrets: [{ name: "TOKEN", valueFrom: "arn:aws:ssm:eu-central-1:123456789012:parameter/token" }],
      portMappings: [{ containerPort: 8080, protocol: "tcp" }],
    },
  ],
  tags: [{ key: "team", value: "one" }],
};

export async function openDeployServer({ targets = targetsText } = {}) {
  const log = createLogger("test", "silent");
  const aws = await startAws({ port: 0, log });
  const { ecs, world } = aws.controls;
  for (const name of ["main", "live"]) ecs.addCluster({ name });
  ecs.addService({ ...web, taskDefinition: begun });
  ecs.addService({ cluster: "live", service: "web", taskDefinition: { ...begun, family: "web-live" } });
  ecs.addService({ cluster: "main", service: "other", taskDefinition: { ...begun, family: "other" } });
  ecs.advanceByRequest({ on: false });

  const clients = createClients({ endpoint: aws.url, region: "eu-central-1", credentials: localKey });
  const inLock = lockInProcess();
  const parsed = targetList.parse(targets);
  const { connect, caller, close } = await serveToTest({
    name: "deploy",
    tools: deployTools,
    deps: { ...clients, targets: parsed, inLock },
    repository: { owner: "acme", repo: "sample" },
    installation: 1,
  });

  return {
    aws,
    ecs,
    world,
    inLock,
    targets: parsed,
    caller,
    connect,
    /** Calls a tool on the service `web`. */
    call: <T = Record<string, unknown>>(name: string, args: Record<string, unknown> = {}) =>
      caller.call<T>(name, { ...web, ...args }),
    /** Calls a tool on the service `web` that has to fail, and gives its words. */
    refused: (name: string, args: Record<string, unknown> = {}) => caller.refused(name, { ...web, ...args }),
    deploy: (tag: string) => caller.call<Record<string, unknown>>("updateService", { ...web, image, tag }),
    /** Has coming rollouts of `web` go like this. */
    play: (...plays: Play[]) => ecs.play({ ...web, plays }),
    /** Lets what is under way come to its end. */
    settle: () => ecs.advance({ steps: 30 }),
    /** The numbers and images of the revisions of `web`. */
    revisions: () =>
      ecs.revisions({ family: "web" }).map(({ revision, registered }) => {
        const [container] = registered.containerDefinitions;
        return `${revision} ${container?.image.replace(`${image}:`, "")}`;
      }),
    /** The operations that AWS was asked for since the last look, those that only read left out. */
    changes: () =>
      world
        .takeRequests()
        .map(({ operation }) => operation)
        .filter((operation) => !/^(Describe|List)/.test(operation)),
    async close() {
      await close();
      clients.ecs.destroy();
      clients.ecsOnce.destroy();
      await aws.close();
    },
  };
}

export type DeployServer = Awaited<ReturnType<typeof openDeployServer>>;
