// Who may adopt the pull request of a fork, and which of its commits they mean.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { commitFiles } from "../../local/github/testing/commit-files.ts";
import { eventually } from "../../test/eventually.ts";
import { type FrontDoor, openFrontDoor } from "../../test/open-front-door.ts";

const there = { owner: "read", repo: "sample" };
let door: FrontDoor;
let branches = 0;
beforeAll(async () => {
  door = await openFrontDoor();
  await door.github.createRepository({ owner: "read", name: "sample", forkOf: "acme/sample" });
}, 60_000);
afterAll(() => door?.close());

/** The owner of the fork pushes, and a second begins: GitHub's times are whole seconds. */
async function push(branch: string, content: string): Promise<string> {
  const sha = await commitFiles(door.people.read, { ...there, branch }, { "NOTES.md": content });
  const pushed = Math.floor(Date.now() / 1000);
  await eventually("the next second", async () => Math.floor(Date.now() / 1000) > pushed || undefined);
  return sha;
}

/** The owner of the fork proposes something. */
async function propose() {
  const branch = `change-${++branches}`;
  const { git, pulls } = door.people.read.rest;
  const { data: main } = await git.getRef({ ...there, ref: "heads/main" });
  await git.createRef({ ...there, ref: `refs/heads/${branch}`, sha: main.object.sha });
  const sha = await push(branch, branch);
  const wanted = { ...door.at, head: `read:${branch}`, base: "main", title: "From afar" };
  return { number: (await pulls.create(wanted)).data.number, branch, sha };
}

async function say(as: "write" | "maintain", number: number, body: string) {
  await door.comment(as, number, body);
  await door.settle();
  return (await door.replies(number)).at(-1) ?? "";
}

test("a maintainer adopts the head that the pull request of a fork has; whose role is less is refused", async () => {
  const { number, sha } = await propose();
  expect(await say("write", number, "/afu9 adopt")).toContain(
    "I can't adopt it for you: that needs the role `maintain` in this repository, and yours is `write`.",
  );
  expect(await door.executions(number)).toEqual([]);
  await say("maintain", number, "/afu9 adopt");
  expect(await door.executions(number)).toMatchObject([
    {
      slot: "change",
      trigger: {
        ...{ command: "adopt", needs: "maintain", issue: { title: "From afar" } },
        pullRequest: {
          number,
          head: { sha, repository: "read/sample" },
          base: { ref: "main" },
          isFork: true,
        },
      },
    },
  ]);
});

test("a command that would push to a fork is refused, and the answer names the way", async () => {
  const { number } = await propose();
  const refused = await say("maintain", number, "/afu9 rebase");
  expect(refused).toContain("`/afu9 rebase` would push to it, and a GitHub App can't");
  expect(refused).toContain("Who has the role `maintain` can type `/afu9 adopt`");
  expect(await door.executions(number)).toEqual([]);
});

test("there is nothing to adopt on an issue, of this repository's own branch, and where all is closed", async () => {
  expect(await say("maintain", await door.open(), "/afu9 adopt")).toContain("works on a pull request");

  const { git, pulls } = door.people.admin.rest;
  const { data: main } = await git.getRef({ ...door.at, ref: "heads/main" });
  await git.createRef({ ...door.at, ref: "refs/heads/ours", sha: main.object.sha });
  await commitFiles(door.people.admin, { ...door.at, branch: "ours" }, { "a.txt": "a" });
  const { data: ours } = await pulls.create({ ...door.at, head: "ours", base: "main", title: "Ours" });
  expect(await say("maintain", ours.number, "/afu9 adopt")).toContain("comes from this repository");

  const { number } = await propose();
  await pulls.update({ ...door.at, pull_number: number, state: "closed" });
  expect(await say("maintain", number, "/afu9 adopt")).toContain("This pull request is closed. Reopen it");
  for (const issue of [ours.number, number]) expect(await door.executions(issue)).toEqual([]);
});

test("what is pushed after the command, and before it is dealt with, is not adopted with it", async () => {
  const { number, branch } = await propose();
  const { data: hook } = await door.deps.github.asApp.rest.apps.getWebhookConfigForApp();
  await door.github.updateApp(door.app.id, { webhookUrl: "http://127.0.0.1:9/" });
  await door.comment("maintain", number, "/afu9 adopt");
  const sha = await push(branch, "worse");
  await door.settle();
  await door.github.updateApp(door.app.id, { webhookUrl: hook.url ?? "" });
  await redeliver("issue_comment");
  expect((await door.replies(number)).at(-1)).toContain(
    `Somebody pushed to the fork since you wrote this, so I adopted nothing. The head of this pull request is \`${sha}\` now.`,
  );
  expect(await door.executions(number)).toEqual([]);

  await say("maintain", number, `/afu9 adopt ${sha.slice(0, 7)}`);
  expect(await door.executions(number)).toMatchObject([{ trigger: { pullRequest: { head: { sha } } } }]);
});

/** What GitHub could not deliver last, it delivers. */
async function redeliver(event: string) {
  const { apps } = door.deps.github.asApp.rest;
  const { data } = await apps.listWebhookDeliveries();
  const lost = data.find((one) => one.event === event && one.status_code === 502);
  await apps.redeliverWebhookDelivery({ delivery_id: lost?.id ?? 0 });
  await door.settle();
}

test("who names a commit means that one: another head, and what is no commit, is refused", async () => {
  const { number, branch, sha } = await propose();
  const now = await push(branch, "more");
  expect(await say("maintain", number, `/afu9 adopt ${sha.slice(0, 10)}`)).toContain(
    `The head of this pull request is not \`${sha.slice(0, 10)}\`, so I adopted nothing. It is \`${now}\` now.`,
  );
  expect(await say("maintain", number, "/afu9 adopt now")).toContain("got `now`");
  expect(await say("maintain", number, "/afu9 adopt 123456")).toContain("got `123456`");
  expect(await door.executions(number)).toEqual([]);
  await say("maintain", number, `/afu9 adopt ${now.toUpperCase()}`);
  expect(await door.executions(number)).toHaveLength(1);
});

test("a fork that is gone gets no new commits, and is adopted as it was", async () => {
  const { number } = await propose();
  await door.github.deleteRepository("read/sample");
  await say("maintain", number, "/afu9 adopt");
  expect(await door.executions(number)).toHaveLength(1);
});
