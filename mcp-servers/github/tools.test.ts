import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { z } from "zod";
import { type GithubServer, openGithubServer } from "../../test/open-github-server.ts";
import { testToolList } from "../../test/tool-list.ts";
import { githubTools } from "./tools.ts";

testToolList(githubTools, join(import.meta.dirname, "tools.json"));

let server: GithubServer;
beforeAll(async () => {
  server = await openGithubServer();
});
afterAll(() => server?.close());

test.each(githubTools.map(({ name, input }) => [name, input] as const))(
  "%s takes the repository as arguments, and no other one than the capability's",
  async (name, input) => {
    const someArguments = {
      number: 1,
      branch: "b",
      sha: "a".repeat(40),
      expectedHead: "a".repeat(40),
      message: "m",
      files: [{ path: "f", deleted: true }],
      head: "b",
      base: "main",
      title: "t",
      body: "b",
      labels: ["l"],
      label: "l",
      content: "eyes",
      path: "f",
      text: "words",
      thread: "PRRT_1234",
      answers: [{ thread: "PRRT_1234", reply: "r", changed: false }],
      specification: "s",
      name: "n",
      checkRun: 1,
      run: 1,
      attempt: 1,
      environment: "staging",
      deployment: 1,
    };
    const state = name === "createDeploymentStatus" ? { state: "success" } : {};
    const known = Object.entries(someArguments).filter(([key]) => key in input.shape);
    const args = { ...Object.fromEntries(known), ...state, owner: "octo-org", repo: "another" };
    expect(z.object(input.shape).safeParse(args).success).toBe(true);
    expect(await server.refused(name, args)).toContain('Call again with "repo": "sample"');
    expect(await server.world.github.requests()).toEqual([]);
  },
);
