// Two repositories of one installation that deploy to one cluster, for the tests of who may see what.
import type { Target } from "../mcp-servers/targets.ts";

export const shop = {
  repository: "octo/shop",
  cluster: "main",
  service: "shop",
  logGroups: ["/ecs/shop", "lambda-shop-"],
  alarmPrefix: "shop-",
  metrics: [{ namespace: "Shop" }, { namespace: "AWS/RDS", dimensions: { DBInstanceIdentifier: "shop" } }],
} satisfies Target;
export const bank = {
  repository: "octo/bank",
  cluster: "main",
  service: "bank",
  logGroups: ["/ecs/bank"],
  alarmPrefix: "bank-",
} satisfies Target;
export const targets: Target[] = [shop, bank];
