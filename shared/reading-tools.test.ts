import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { githubTools } from "../mcp-servers/github/tools.ts";
import { workspaceTools } from "../mcp-servers/workspace/tools.ts";
import { ownTools } from "./own-tools.ts";
import { changesSomething, checkForkTools, readingTools, slotOf } from "./reading-tools.ts";
import { loadWorkflows, parseWorkflow } from "./workflow.ts";

const pullRequest = {
  number: 2,
  head: { ref: "a", sha: "b", repository: "x/y" },
  base: { ref: "main", sha: "c" },
  byApp: false,
};

test("every reading tool is one that there is; of GitHub's, what it says is all that it writes", () => {
  const write = githubTools.filter(
    ({ effect, name }) => effect !== "read" && readingTools.has(`github.${name}`),
  );
  expect(write.map(({ name }) => name)).toEqual([
    "addComment",
    "addReaction",
    "createReview",
    "replyToReviewThread",
    "answerReviewThreads",
  ]);
  const all = [
    ...githubTools.map(({ name }) => `github.${name}`),
    ...workspaceTools.map(({ name }) => `workspace.${name}`),
    ...ownTools,
  ];
  expect([...readingTools].filter((tool) => !all.includes(tool))).toEqual([]);
});

test("the workflows that push change something, and share a slot; one that only reads has its own", async () => {
  const files = await loadWorkflows(join(import.meta.dirname, "../workflows"));
  const pushing = files.filter(({ definition }) =>
    ["fix-ci", "issue-to-pr", "rebase"].includes(definition.name),
  );
  expect(pushing.map(({ definition }) => slotOf(definition))).toEqual(["change", "change", "change"]);
  const of = (step: string) =>
    parseWorkflow(`name: w\non: {}\nsteps: [{ id: x, ${step} }]\n`, "w.yml").definition;
  expect(slotOf(of("tool: github.addComment"))).toBe("read w");
  expect(changesSomething(of("agent: a, until: deploy.rollback"))).toBe(true);
  expect(changesSomething(of("wait: { minutes: 1 }"))).toBe(false);
});

test("on a fork's pull request only reading tools may be used, and anywhere else all", () => {
  const wanted = ["github.getFile", "github.commitChanges"];
  const forked = { pullRequest: { ...pullRequest, isFork: true } };
  const on = (trigger: object, workflow = "mend", origin = "afu9") => ({ trigger, workflow, origin });
  expect(() => checkForkTools(on(forked), wanted)).toThrow(
    "On a pull request from a fork github.commitChanges may not be used",
  );
  checkForkTools(on({ pullRequest: { ...pullRequest, isFork: false } }), wanted);
  checkForkTools(on({}), wanted);

  // AFU-9's own workflow that adopts makes a branch and a pull request of it, and nobody else there.
  const adopting = ["github.adoptHead", "github.createPullRequest"];
  checkForkTools(on(forked, "adopt"), adopting);
  for (const execution of [on(forked, "adopt", "1001"), on(forked, "fix-ci")])
    expect(() => checkForkTools(execution, adopting)).toThrow("github.adoptHead, github.createPullRequest");
  expect(() => checkForkTools(on(forked, "adopt"), wanted)).toThrow("github.commitChanges");
});
