// What becomes of the work in progress when a repository gets another name, and when AFU-9 is uninstalled.
import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { eventually } from "../eventually.ts";
import { answer, buggyRepository, edit, plan } from "../sample.ts";
import { startModels } from "../scripted-models.ts";
import { type System, startSystem } from "../system.ts";

const agents = { plan, implement: [edit("a - b", "a + b"), answer] };
const slow = 120_000;
/** The agents wait with every turn until the world around them has changed. */
let goOn = Promise.withResolvers<void>();
let models: Awaited<ReturnType<typeof startModels>>;
let system: System;
beforeAll(async () => {
  models = await startModels([{ when: "", script: { agents } }], { beforeTurn: () => goOn.promise });
  system = await startSystem({
    script: { agents },
    files: buggyRepository,
    env: { ANTHROPIC_BASE_URL: models.url },
  });
}, slow);
afterAll(async () => {
  goOn.resolve();
  await system?.close();
  await models?.close();
});

/** An issue whose execution has a checkout, and waits for the model. */
async function underWay(repo: string) {
  const asked = models.asked.length;
  const { data: issue } = await system.maintainer.rest.issues.create({
    ...{ owner: "acme", repo, title: "add(2, 2) is 0", labels: ["afu9"] },
  });
  await eventually(`the model to be asked\n${system.lines.slice(-20).join("\n")}`, async () =>
    models.asked.length > asked ? true : undefined,
  );
  return issue.number;
}

const repository = (where: object) =>
  eventually(`the repository to be ${JSON.stringify(where)}`, async () => {
    return (await system.db.prisma.repository.findFirst({ where })) ?? undefined;
  });
/** Beside the mirrors of repositories. */
const checkouts = async () =>
  (await readdir(`${system.folder}/workspaces`)).filter((name) => !name.startsWith("."));

test(
  "an execution whose repository is renamed goes on to its pull request under the new name",
  async () => {
    const issue = await underWay("sample");
    await system.github.changeRepository("acme/sample", { name: "renamed" });
    await repository({ name: "renamed" });
    goOn.resolve();
    const { status, error } = await system.finished(issue);
    expect({ status, error }).toEqual({ status: "succeeded", error: null });
    const { pulls, issues, check_runs: checkRuns } = await system.github.repository("acme/renamed");
    expect(pulls).toMatchObject([{ title: "Make add() add" }]);
    expect(checkRuns).toMatchObject([{ name: "AFU-9", conclusion: "success" }]);
    expect(issues.find(({ number }) => number === issue)).toMatchObject({
      labels: ["afu9", "afu9/done"],
      comments: [{ body: expect.stringContaining("### AFU-9 is done") }],
    });
  },
  slow,
);

test(
  "when AFU-9 is uninstalled an execution ends with its reason, and its checkout is removed",
  async () => {
    goOn = Promise.withResolvers<void>();
    const issue = await underWay("renamed");
    expect(await checkouts()).toHaveLength(1);
    const { installationId } = await system.db.prisma.repository.findFirstOrThrow();
    await system.github.uninstall(Number(installationId));
    await repository({ state: "removed" });
    const ended = await eventually("the execution to end", async () => {
      const row = await system.db.prisma.workflowExecution.findFirst({
        where: { issueNumber: issue },
        orderBy: { createdAt: "desc" },
      });
      return row?.finishedAt ? row : undefined;
    });
    expect(ended.status).toBe("cancelled");
    expect(ended.error).toContain("The App was removed from this repository.");
    await eventually("the checkout to be removed", async () =>
      (await checkouts()).length === 0 ? true : undefined,
    );
  },
  slow,
);
