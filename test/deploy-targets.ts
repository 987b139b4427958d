// Two repositories that deploy to one cluster, for the tests of who may see and change what.
import type { Target } from "../mcp-servers/targets.ts";

const registry = "123456789012.dkr.ecr.eu-central-1.amazonaws.com";
const common = { cluster: "main", environment: "production", minCount: 1, maxCount: 5 };

export const shop = {
  ...common,
  repository: "octo/shop",
  service: "shop",
  image: `${registry}/shop`,
  logGroups: ["/ecs/shop", "lambda-shop-"],
  alarmPrefix: "shop-",
  metrics: [{ namespace: "Shop" }, { namespace: "AWS/RDS", dimensions: { DBInstanceIdentifier: "shop" } }],
} satisfies Target;
const bank = {
  ...common,
  repository: "octo/bank",
  service: "bank",
  image: `${registry}/bank`,
  logGroups: ["/ecs/bank"],
  alarmPrefix: "bank-",
  metrics: [{ namespace: "Bank" }],
} satisfies Target;
export const targets: Target[] = [shop, bank];
