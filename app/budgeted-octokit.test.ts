import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { Probot } from "probot";
import { openWorld, owner, repo, type World } from "../local/github/testing/world.ts";
import { createGitHubBudget, GitHubBusy } from "../shared/github-budget.ts";
import { createProcessLimits } from "../shared/github-limit-stores.ts";
import { createLogger } from "../shared/logger.ts";
import { budgetedOctokit } from "./budgeted-octokit.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test.each([403, 429])(
  "a handler that is told to wait (%i) sends nothing more, nor does the next one",
  async (status) => {
    const log = createLogger("test", "silent");
    const probot = new Probot({
      appId: world.app.id,
      privateKey: world.app.privateKey,
      secret: "it's a secret",
      baseUrl: `${world.url}/api/v3`,
      Octokit: budgetedOctokit(createGitHubBudget(createProcessLimits(), log)),
      log,
    });
    await probot.ready();
    const { id } = world.installation;
    const handler = async () => (await probot.auth(id)).rest.issues.listForRepo({ owner, repo });
    expect((await handler()).data).toEqual([]);

    await world.github.addFault({ path: "/repos/*/*/issues", status, retryAfter: 60 });
    await expect(handler()).rejects.toThrow(GitHubBusy);
    await world.github.forgetRequests();
    await expect(handler()).rejects.toThrow("Nothing was sent to GitHub");
    expect(await world.github.requests()).toEqual([]);
  },
);
