import { expect, test } from "@jest/globals";
import { shop, targets } from "../test/deploy-targets.ts";
import { image } from "../test/open-deploy-server.ts";
import { targetList, targetsOf } from "./targets.ts";

const target = {
  repository: "acme/sample",
  cluster: "main",
  service: "web",
  image,
  environment: "staging",
  maxCount: 4,
};

function faultOf(value: unknown): string {
  const { error } = targetList.safeParse(typeof value === "string" ? value : JSON.stringify(value));
  return error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("\n") ?? "";
}

test("targets are read from JSON as well as YAML, and none is needed", () => {
  const json = targetList.parse(JSON.stringify([target]));
  const yaml = targetList.parse(
    `- repository: acme/sample\n  cluster: main\n  service: web\n  image: ${image}\n  environment: staging\n  maxCount: 4`,
  );
  expect(json).toEqual([{ ...target, minCount: 1 }]);
  expect(yaml).toEqual(json);
  expect(targetList.parse("")).toEqual([]);
});

test.each([
  [{ ...target, image: `${image}:latest` }, "0.image: expected an ECR repository without a tag"],
  [{ ...target, image: "docker.io/sample" }, "0.image: expected an ECR repository"],
  [{ ...target, image: "123456789012.dkr.ecr.eu-central-1.amazonaws.com.evil.example/sample" }, "0.image"],
  [{ ...target, repository: "sample" }, "0.repository: expected OWNER/NAME"],
  [{ ...target, cluster: "arn:aws:ecs:x" }, "0.cluster"],
  [{ ...target, minCount: 5 }, "0: expected minCount to be at most maxCount"],
  [{ ...target, maxCount: 100_000 }, "0.maxCount"],
  [{ ...target, typo: 1 }, "typo"],
  [{ ...target, logGroups: "/ecs/sample" }, "0.logGroups"],
  [{ ...target, logGroups: [""] }, "0.logGroups.0"],
  [{ ...target, alarmPrefix: "" }, "0.alarmPrefix"],
  [{ ...target, metrics: ["AWS/RDS"] }, "0.metrics.0"],
])("a target that is not right is named: %j", (wrong, words) => {
  expect(faultOf([wrong])).toContain(words);
});

test("a target may say what can be observed of it", () => {
  const observed = {
    ...target,
    logGroups: ["/ecs/sample"],
    alarmPrefix: "sample-",
    metrics: [
      { namespace: "Sample" },
      { namespace: "AWS/RDS", dimensions: { DBInstanceIdentifier: "sample" } },
    ],
  };
  expect(targetList.parse(JSON.stringify([observed]))).toEqual([{ ...observed, minCount: 1 }]);
});

const of = (owner: string, repo: string) => ({
  execution: "1",
  repository: { owner, repo },
  installation: 1,
  tools: [],
});

test("a repository's targets are found however its name is written, and no others are", () => {
  expect(targetsOf(targets, of("octo", "shop"))).toEqual([shop]);
  expect(targetsOf(targets, of("Octo", "SHOP"))).toEqual([shop]);
});

test("a repository without a target is told how to get one, and nothing of others", () => {
  const words =
    /^The repository octo\/none has no deployment target, .*AFU9_DEPLOY_TARGETS.*docs\/deploy\.md shows one\.$/;
  expect(() => targetsOf(targets, of("octo", "none"))).toThrow(words);
  expect(() => targetsOf([], of("octo", "none"))).toThrow(words);
});

test("a service is in the list once, and what is no YAML is told by its line", () => {
  expect(faultOf([target, { ...target, repository: "acme/other" }])).toContain("at most once");
  expect(faultOf("- a\n- [")).toMatch(/line \d/);
});
