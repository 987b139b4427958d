import {
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { createLogger } from "../../../shared/logger.ts";
import { type LocalAws, startAws } from "../start-aws.ts";
import { localKey } from "../world.ts";

let aws: LocalAws;
let client: ElasticLoadBalancingV2Client;
beforeEach(async () => {
  aws = await startAws({ port: 0, log: createLogger("test", "silent") });
  client = new ElasticLoadBalancingV2Client({
    endpoint: aws.url,
    region: "eu-central-1",
    credentials: localKey,
    maxAttempts: 1,
  });
});
afterEach(() => aws.close());

const health = (TargetGroupArn: string) => client.send(new DescribeTargetHealthCommand({ TargetGroupArn }));

test("a target group tells the health of its targets, with the reason of a sick one", async () => {
  const arn = aws.controls.elb.addTargetGroup({ name: "shop" });
  expect((await health(arn)).TargetHealthDescriptions).toEqual([]);
  aws.controls.elb.setTargets({ arn, states: ["healthy", "unhealthy"] });
  expect((await health(arn)).TargetHealthDescriptions).toEqual([
    { HealthCheckPort: "3000", Target: { Id: "10.0.0.1", Port: 3000 }, TargetHealth: { State: "healthy" } },
    {
      HealthCheckPort: "3000",
      Target: { Id: "10.0.0.2", Port: 3000 },
      TargetHealth: {
        State: "unhealthy",
        Reason: "Target.ResponseCodeMismatch",
        Description: "Health checks failed with these codes: [502]",
      },
    },
  ]);
});

test("a target group tells its load balancer", async () => {
  const arn = aws.controls.elb.addTargetGroup({ name: "shop" });
  const { TargetGroups } = await client.send(new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] }));
  expect(TargetGroups).toMatchObject([
    {
      TargetGroupArn: arn,
      TargetGroupName: "shop",
      LoadBalancerArns: [expect.stringContaining("loadbalancer/app/shop/")],
    },
  ]);
});

test("a group that there is not, and an ARN that is none, are refused as AWS does it", async () => {
  await expect(health("arn:aws:elasticloadbalancing:x:1:targetgroup/none/1")).rejects.toMatchObject({
    name: "TargetGroupNotFoundException",
    $metadata: { httpStatusCode: 400 },
  });
  await expect(health("shop")).rejects.toMatchObject({ name: "ValidationError" });
});

test("a client is throttled and denied when the world says so", async () => {
  const arn = aws.controls.elb.addTargetGroup({ name: "shop" });
  const fault = { service: "elasticloadbalancing", operation: "DescribeTargetHealth" };
  aws.controls.world.fail({ ...fault, code: "Throttling", message: "Rate exceeded" });
  await expect(health(arn)).rejects.toMatchObject({ name: "Throttling", message: "Rate exceeded" });
  aws.controls.world.fail({ ...fault, code: "AccessDenied", status: 403 });
  await expect(health(arn)).rejects.toMatchObject({ name: "AccessDenied" });
});
