import { expect, test } from "@jest/globals";
import { mergeLayers, sourceOf } from "./config-layers.ts";
import { RepositoryConfig } from "./repository-config.ts";

const layers = (owner: object, repository: object) => ({
  owner: { ...owner },
  repository: { ...repository },
});

test("without files the defaults hold, and each value is one", () => {
  const none = layers({}, {});
  expect(mergeLayers(none)).toEqual(RepositoryConfig.parse({}));
  expect(sourceOf(none, ["labels", "start"])).toBe("default");
});

test("the owner's values hold where the repository says nothing", () => {
  const both = layers(
    { labels: { start: "robot", hold: "stop" }, verify: ["make", "make test"], budget: { usd: 2 } },
    { labels: { start: "go" }, verify: "npm test" },
  );
  expect(mergeLayers(both)).toMatchObject({
    labels: { start: "go", hold: "stop", done: "afu9/done" },
    verify: ["npm test"],
    budget: { usd: 2 },
  });
  expect(sourceOf(both, ["labels", "start"])).toBe("repository");
  expect(sourceOf(both, ["labels", "hold"])).toBe("owner");
  expect(sourceOf(both, ["labels", "done"])).toBe("default");
});

test("what the owner protects a repository can't lay open", () => {
  const both = layers({ "protected-paths": ["LICENSE"] }, { "protected-paths": ["docs/**"] });
  expect(mergeLayers(both)?.["protected-paths"]).toEqual(["LICENSE", "docs/**"]);
  expect(sourceOf(both, ["protected-paths"])).toBe("owner and repository");
});

test("the provider of one layer is not put together with the name of another", () => {
  const both = layers(
    { model: { provider: "openai", name: "gpt-6-sol", effort: "high" } },
    { model: { name: "claude-opus-5-5" } },
  );
  expect(mergeLayers(both)?.model).toEqual({ name: "claude-opus-5-5", effort: "high" });
  expect(sourceOf(both, ["model", "provider"])).toBe("default");
  expect(sourceOf(both, ["model", "effort"])).toBe("owner");
});

test("two layers may not give one label two meanings", () => {
  expect(mergeLayers(layers({ labels: { hold: "robot" } }, { labels: { start: "Robot" } }))).toBeUndefined();
});
