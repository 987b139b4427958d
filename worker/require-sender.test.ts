import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { openWorld, owner, repo, type World } from "../local/github/testing/world.ts";
import { createGitHubApp, type GitHubApp } from "../shared/github.ts";
import { createLogger } from "../shared/logger.ts";
import type { Role } from "../shared/role.ts";
import { Trigger } from "../shared/trigger.ts";
import { requireSender } from "./require-sender.ts";

let world: World;
let github: GitHubApp;
beforeAll(async () => {
  world = await openWorld();
  github = createGitHubApp(
    {
      APP_ID: world.app.id,
      PRIVATE_KEY: world.app.privateKey,
      GITHUB_API_URL: `${world.url}/api/v3`,
      GITHUB_SERVER_URL: world.url,
    },
    createLogger("test", "silent"),
  );
});
afterAll(() => world?.close());

const longAgo = "2026-01-01T00:00:00Z";
function waiting(needs: Role | undefined, at: string | undefined = longAgo) {
  const { login, id } = world.person;
  const repository = { id: world.repository.id, owner, name: repo, defaultBranch: "main" };
  const trigger = Trigger.parse({
    ...{ kind: "label", delivery: "d", installation: world.installation.id, repository, needs, at },
    ...{ sender: { id, login }, issue: { number: 1, title: "A bug" } },
  });
  return { trigger, config: null, wish: null };
}
const give = (role: Exclude<Role, "none">) =>
  world.github.setCollaborator(`${owner}/${repo}`, world.person.login, role);
const asked = async () =>
  (await world.github.requests()).filter(({ path }) => path.endsWith("/permission")).length;

test("who lost the role while the execution waited is told so, and who has it goes on", async () => {
  await give("write");
  await requireSender(waiting("write"), { github });
  await give("triage");
  await expect(requireSender(waiting("write"), { github })).rejects.toThrow(
    /may not any more: it needs the role `write`.*theirs is `triage` now/,
  );
  await requireSender(waiting("triage"), { github });
});

test("nothing is asked of one that begins at once, has begun, is cancelled, or was set off by nobody", async () => {
  await give("read");
  const before = await asked();
  await requireSender(waiting("write", new Date().toISOString()), { github });
  await requireSender({ ...waiting("write"), config: {} }, { github });
  await requireSender({ ...waiting("write"), wish: "cancel" }, { github });
  await requireSender(waiting(undefined), { github });
  expect(await asked()).toBe(before);
});
