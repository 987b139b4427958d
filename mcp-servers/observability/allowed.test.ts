import { describe, expect, test } from "@jest/globals";
import { shop } from "../../test/deploy-targets.ts";
import { alarmPrefixes, allowAlarms, allowLogGroup, allowMetric, allowService } from "./allowed.ts";

const own = [shop];

test.each(["/ecs/shop", "/ecs/shop/web", "/ecs/shop/web/1", "lambda-shop-mail"])(
  "the log group %s may be read",
  (group) => {
    expect(() => allowLogGroup(own, group)).not.toThrow();
  },
);

test.each(["/ecs/shopping", "/ecs/shop-admin", "/ecs", "/ecs/bank", "x/ecs/shop", "/ECS/shop", ""])(
  "the log group %j may not be read, and the words say which may",
  (group) => {
    expect(() => allowLogGroup(own, group)).toThrow(
      "Allowed: /ecs/shop and what is below it; what begins with lambda-shop-.",
    );
  },
);

test("a service may be read in its own cluster only", () => {
  expect(() => allowService(own, "main", "shop")).not.toThrow();
  expect(() => allowService(own, "other", "shop")).toThrow("Allowed: shop in the cluster main.");
  expect(() => allowService(own, "main", "bank")).toThrow("may not read the service bank");
});

test("alarms may be read that begin as the target says", () => {
  expect(alarmPrefixes(own)).toEqual(["shop-"]);
  expect(() => allowAlarms(own, ["shop-cpu", "shop-5xx"])).not.toThrow();
  expect(() => allowAlarms(own, ["shop-cpu", "bank-cpu"])).toThrow("may not read the alarm bank-cpu");
  expect(() => allowAlarms(own, ["shop"])).toThrow("what begins with shop-");
});

describe("metrics", () => {
  const ofShop = { ClusterName: "main", ServiceName: "shop" };

  test("may be read of the target's own service, and where the target allows it", () => {
    expect(() => allowMetric(own, "AWS/ECS", ofShop)).not.toThrow();
    expect(() => allowMetric(own, "Shop", {})).not.toThrow();
    expect(() => allowMetric(own, "AWS/RDS", { DBInstanceIdentifier: "shop" })).not.toThrow();
  });

  test.each([
    ["another service", "AWS/ECS", { ...ofShop, ServiceName: "bank" }],
    ["the whole cluster", "AWS/ECS", { ClusterName: "main" }],
    ["no dimension", "AWS/ECS", {}],
    ["another database", "AWS/RDS", { DBInstanceIdentifier: "bank" }],
    ["another namespace", "Bank", {}],
    ["a namespace that begins alike", "Shopping", {}],
  ])("of %s may not be read", (_, namespace, dimensions) => {
    expect(() => allowMetric(own, namespace, dimensions)).toThrow(
      /may not read the metrics .* Allowed: AWS\/ECS with .*; Shop; AWS\/RDS with .*/,
    );
  });
});

test("a target that allows nothing of a kind says which setting would", () => {
  const bare = [{ ...shop, logGroups: undefined, alarmPrefix: undefined }];
  expect(() => allowLogGroup(bare, "/ecs/shop")).toThrow(
    'Nothing of this kind is allowed. An operator allows more with "logGroups"',
  );
  expect(() => alarmPrefixes(bare)).toThrow('"alarmPrefix"');
});
