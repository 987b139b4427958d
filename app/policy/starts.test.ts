// What starts something on an issue, what holds it, and what is told when nothing starts.
import { afterEach, expect, test } from "@jest/globals";
import { type FrontDoor, openFrontDoor } from "../../test/open-front-door.ts";

let door: FrontDoor;
const open = async (options: Parameters<typeof openFrontDoor>[0] = {}) => {
  door = await openFrontDoor(options);
};
afterEach(() => door?.close());

const config = (text: string) => ({ files: { ".github/afu9.yml": text } });
const statuses = async (issue: number) => (await door.executions(issue)).map(({ status }) => status);
async function why(issue: number): Promise<string> {
  const before = (await door.replies(issue)).length;
  await door.comment("read", issue, "/afu9 why");
  await door.settle();
  return (await door.replies(issue)).slice(before).join("\n");
}

test("taking the label away cancels what has not begun, and leaves what has", async () => {
  await open();
  const [waiting, begun] = [await door.open(), await door.open()];
  await door.label("triage", waiting, "afu9");
  await door.label("triage", begun, "afu9");
  await door.settle();
  await door.db.prisma.workflowExecution.updateMany({
    where: { issueNumber: begun },
    data: { fence: 1, status: "running" },
  });
  await door.unlabel("triage", waiting, "afu9");
  await door.unlabel("triage", begun, "afu9");
  await door.settle();
  expect(await door.executions(waiting)).toMatchObject([
    { status: "cancelled", error: "triage took the label afu9 away before it began.", dueAt: null },
  ]);
  expect(await statuses(begun)).toEqual(["running"]);
});

test("a hold keeps labels and commands from starting, and pauses what is under way until it is taken away", async () => {
  await open();
  const [held, running] = [await door.open(), await door.open()];
  await door.label("triage", held, "afu9/hold");
  await door.label("triage", held, "afu9");
  await door.comment("write", held, "/afu9 run");
  await door.label("triage", running, "afu9");
  await door.label("triage", running, "AFU9/hold");
  await door.comment("write", running, "/afu9 resume\n/afu9 approve");
  await door.settle();
  expect(await door.executions(held)).toEqual([]);
  expect(await door.replies(held)).toEqual([
    expect.stringContaining("Nothing starts or goes on here while the label `afu9/hold` is set."),
    expect.stringContaining("> /afu9 run\n\nNothing starts or goes on here"),
  ]);
  expect(await statuses(running)).toEqual(["paused"]);
  expect(await door.replies(running)).toEqual([
    expect.stringMatching(
      /> \/afu9 resume\n\nNothing starts or goes on here[\s\S]*> \/afu9 approve\n\nNothing starts or goes on here/,
    ),
  ]);

  await door.unlabel("triage", running, "afu9/hold");
  await door.settle();
  expect(await statuses(running)).toEqual(["queued"]);
});

test("what a person paused stays paused when a hold ends", async () => {
  await open();
  const issue = await door.open();
  await door.label("triage", issue, "afu9");
  await door.comment("write", issue, "/afu9 pause");
  await door.label("triage", issue, "afu9/hold");
  await door.unlabel("triage", issue, "afu9/hold");
  await door.settle();
  expect(await statuses(issue)).toEqual(["paused"]);
});

test("the labels have the names that the repository gives them, and those of states start nothing", async () => {
  await open(config("labels: { start: robot, hold: wait }\nroles: { label: write, run: triage }\n"));
  const [usual, own, role, command] = [
    await door.open(),
    await door.open(),
    await door.open(),
    await door.open(),
  ];
  await door.label("admin", usual, "afu9", "afu9/done");
  await door.label("write", own, "Robot");
  await door.label("triage", role, "robot");
  await door.comment("triage", command, "/afu9 run");
  await door.settle();
  expect(await door.executions(usual)).toEqual([]);
  expect(await door.executions(own)).toHaveLength(1);
  expect(await door.executions(role)).toEqual([]);
  expect(await door.replies(role)).toEqual([
    expect.stringContaining("I can't start on the label `Robot` for you: that needs the role `write`"),
  ]);
  expect(await door.executions(command)).toHaveLength(1);
});

test("an hour has room for so many starts of a person, and of a repository", async () => {
  await open({ policy: { AFU9_RATE_USER_HOUR: "2", AFU9_RATE_REPOSITORY_HOUR: "3" } });
  const issues = [
    await door.open(),
    await door.open(),
    await door.open(),
    await door.open(),
    await door.open(),
  ];
  for (const issue of issues.slice(0, 3)) await door.comment("write", issue, "/afu9 run");
  for (const issue of issues.slice(3)) await door.comment("admin", issue, "/afu9 run");
  await door.settle();
  const started = await Promise.all(issues.map(async (issue) => (await door.executions(issue)).length));
  expect(started).toEqual([1, 1, 0, 1, 0]);
  expect(await door.replies(issues[2] ?? 0)).toEqual([
    expect.stringMatching(/You have started 2 executions in the last hour.*Ask again after \d\d:\d\d UTC\./),
  ]);
  expect(await door.replies(issues[4] ?? 0)).toEqual([
    expect.stringContaining("This repository has started 3 executions in the last hour"),
  ]);
});

test("why tells what was refused, to whom and for what: role, closed, edited, bot", async () => {
  await open();
  const issue = await door.open();
  await door.comment("read", issue, "/afu9 run");
  const { data: comment } = await door.comment("write", issue, "never mind");
  await door.people.write.rest.issues.updateComment({
    ...door.at,
    comment_id: comment.id,
    body: "/afu9 run",
  });
  const bot = await door.otherBot("renovate");
  await bot.rest.issues.createComment({ ...door.at, issue_number: issue, body: "/afu9 run now" });
  await bot.rest.issues.addLabels({ ...door.at, issue_number: issue, labels: ["afu9"] });
  await door.people.admin.rest.issues.update({ ...door.at, issue_number: issue, state: "closed" });
  await door.comment("admin", issue, "/afu9 run");
  await door.settle();
  const told = await why(issue);
  expect(told).toContain("`/afu9 run` by `read`: I can't start this for you: that needs the role `write`");
  expect(told).toContain("`/afu9 run` by `write`: A command counts as it was written first.");
  expect(told).toContain("`/afu9 run now` by `renovate[bot]`: `renovate[bot]` is a bot");
  expect(told).toContain("`the label afu9` by `renovate[bot]`: `renovate[bot]` is a bot");
  expect(told).toContain("`/afu9 run` by `admin`: This issue is closed.");
  expect(await door.executions(issue)).toEqual([]);
  // A bot might answer an answer.
  expect(await door.replies(issue)).toHaveLength(3);
});

test("a bot on the operator's list starts what takes the role write, and no more", async () => {
  await open();
  const issue = await door.open();
  const bot = await door.otherBot("renovate");
  const { data } = await door.people.admin.rest.users.getByUsername({ username: "renovate[bot]" });
  door.deps.policy.AFU9_ALLOWED_BOTS.add(data.id);
  await bot.rest.issues.createComment({ ...door.at, issue_number: issue, body: "/afu9 run" });
  await bot.rest.issues.createComment({ ...door.at, issue_number: issue, body: "/afu9 budget +5" });
  await door.settle();
  expect(await door.executions(issue)).toMatchObject([{ trigger: { kind: "command" } }]);
  expect((await door.executions(issue))[0]?.trigger).not.toHaveProperty("needs");
  expect(await door.replies(issue)).toEqual([
    expect.stringContaining("needs the role `maintain` in this repository, and yours is `write`"),
  ]);
});
