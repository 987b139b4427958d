// Commands as people write them on GitHub: what shows that they were seen, where they may stand, and how they end.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { eventually } from "../eventually.ts";
import { buggyRepository, goodScript } from "../sample.ts";
import { type System, startSystem } from "../system.ts";

const at = { owner: "acme", repo: "sample" };
let system: System;
beforeAll(async () => {
  system = await startSystem({ script: goodScript, files: buggyRepository });
}, 120_000);
afterAll(() => system?.close());

const repository = () => system.github.repository("acme/sample");
const say = async (issue_number: number, body: string) =>
  (await system.maintainer.rest.issues.createComment({ ...at, issue_number, body })).data;
const contents = (reactions: { content: string; login: string }[] = []) =>
  reactions.filter(({ login }) => login === "afu-9[bot]").map(({ content }) => content);

/** Waits until the comment has been reacted to so. */
async function reacted(comment: number, wanted: string[]): Promise<void> {
  await eventually(
    `the reactions ${wanted} to ${comment}\n${system.lines.slice(-20).join("\n")}`,
    async () => {
      const { issues, pulls } = await repository();
      const found = [...issues, ...pulls]
        .flatMap(({ comments }) => comments)
        .find(({ id }) => id === comment);
      return wanted.every((one) => contents(found?.reactions).includes(one)) || undefined;
    },
  );
}
const answered = (issue_number: number, text: string) =>
  eventually(`an answer with "${text}"`, async () => {
    const { data } = await system.maintainer.rest.issues.listComments({ ...at, issue_number });
    return data.find(({ user, body }) => user?.type === "Bot" && body?.includes(text));
  });

test("`plan` waits for a yes to the plan, and a mention's text steers nothing before that; then it becomes a pull request", async () => {
  const { data: issue } = await system.maintainer.rest.issues.create({ ...at, title: "add(2, 2) is 0" });
  const command = await say(issue.number, "/afu9 plan\nKeep it short.");
  await reacted(command.id, ["eyes", "rocket"]);
  await answered(issue.number, "To be approved");
  const { changed } = await system.db.pool
    .query("SELECT count(*)::int AS changed FROM agent_runs WHERE agent = 'implement'")
    .then(({ rows }) => rows[0]);
  expect(changed).toBe(0);
  const status = await say(issue.number, "@afu-9 status");
  await answered(issue.number, "**It waits**");
  await reacted(status.id, ["eyes"]);
  await say(issue.number, "/afu9 approve");
  const execution = await system.finished(issue.number);
  expect(execution.status).toBe("succeeded");
  expect(execution.trigger).toMatchObject({ command: "plan", instructions: "Keep it short." });
  await reacted(command.id, ["eyes", "rocket", "hooray"]);
  const pulls = (await repository()).pulls;
  expect(pulls).toHaveLength(1);
}, 120_000);

test("commands in a review and on a line of the diff are seen and answered, and start no answer to the review", async () => {
  const [pull] = (await repository()).pulls;
  if (!pull) throw new Error("Expected the pull request");
  const on = { ...at, pull_number: pull.number };
  const before = await system.db.prisma.workflowExecution.count();
  await system.maintainer.rest.pulls.createReview({ ...on, event: "COMMENT", body: "Hm.\n/afu9 status" });
  await answered(pull.number, "> /afu9 status");
  await system.maintainer.rest.pulls.createReview({
    ...on,
    event: "COMMENT",
    body: "/afu9 help",
    comments: [{ path: "add.js", line: 1, body: "/afu9 nope" }],
  });
  const written = async () => {
    const [now] = (await repository()).pulls;
    return [...(now?.reviews ?? []), ...(now?.threads ?? []).flatMap(({ comments }) => comments)];
  };
  await eventually("an answer in the thread on the line", async () =>
    (await written()).find(({ author, body }) => author === "afu-9[bot]" && body.includes("> /afu9 nope")),
  );
  await eventually("the reactions", async () => {
    const seen = (await written()).filter(({ author }) => author === "maintainer");
    return (
      (seen.length === 3 && seen.every(({ reactions }) => contents(reactions).includes("eyes"))) || undefined
    );
  });
  expect(await system.db.prisma.workflowExecution.count()).toBe(before);
}, 60_000);

test("a reaction that GitHub refuses keeps no command from being done", async () => {
  const { data: issue } = await system.maintainer.rest.issues.create({ ...at, title: "A question" });
  await system.github.addFault({ method: "POST", path: "/graphql", status: 500, times: 50 });
  const command = await say(issue.number, "/afu9 help run");
  await answered(issue.number, "**`/afu9 run [instructions]`**");
  await system.github.clearFaults();
  const { issues } = await repository();
  const found = issues.flatMap(({ comments }) => comments).find(({ id }) => id === command.id);
  expect(contents(found?.reactions)).toEqual([]);
}, 60_000);
