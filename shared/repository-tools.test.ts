import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { parse } from "yaml";
import { z } from "zod";
import { builtIn, checkTools, isAllowedForRepositories, repositoryTools } from "./repository-tools.ts";

const root = join(import.meta.dirname, "..");
const Published = z.array(
  z.object({ name: z.string(), annotations: z.object({ readOnlyHint: z.boolean() }).partial().optional() }),
);
const published = async (server: string) =>
  Published.parse(JSON.parse(await readFile(join(root, `mcp-servers/${server}/tools.json`), "utf8")));

test("every tool on the list is one", async () => {
  const names = await Promise.all(
    ["github", "workspace"].map(async (server) =>
      (await published(server)).map(({ name }) => `${server}.${name}`),
    ),
  );
  expect(names.flat()).toEqual(expect.arrayContaining([...repositoryTools]));
});

test("repositories may do everything in their checkout, and read all of GitHub that a step can read", async () => {
  const reads = (await published("github")).filter(({ annotations }) => annotations?.readOnlyHint);
  const refused = [
    ...(await published("workspace")).map(({ name }) => `workspace.${name}`),
    ...reads.map(({ name }) => `github.${name}`),
  ].filter((tool) => !isAllowedForRepositories(tool));
  expect(reads.length).toBeGreaterThan(3);
  expect(refused).toEqual([]);
});

test("nothing on the list merges, deploys or changes an issue", () => {
  for (const tool of ["github.mergePullRequest", "github.updateIssue", "deploy.deployService", "constructor"])
    expect(isAllowedForRepositories(tool)).toBe(false);
});

test("what agents use is on the list, because repositories may start them", async () => {
  for (const name of await readdir(join(root, "agents"))) {
    const [, front = ""] = (await readFile(join(root, "agents", name), "utf8")).split(/^---$/m);
    const { tools } = z.object({ tools: z.array(z.string()) }).parse(parse(front));
    expect(tools.filter((tool) => !isAllowedForRepositories(tool))).toEqual([]);
  }
});

test("at run time a repository's workflow is refused what is not on the list, and AFU-9's own is not", () => {
  expect(() => checkTools("1234", ["github.getIssue", "github.mergePullRequest"])).toThrow(
    "A repository's workflow may not use github.mergePullRequest.",
  );
  expect(() => checkTools("1234", ["github.getIssue"])).not.toThrow();
  expect(() => checkTools(builtIn, ["github.mergePullRequest"])).not.toThrow();
});
