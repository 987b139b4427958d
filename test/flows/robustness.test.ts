import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { eventually } from "../eventually.ts";
import { answer, buggyRepository, edit, goodScript, plan } from "../sample.ts";
import { type System, startSystem } from "../system.ts";

const at = { owner: "acme", repo: "sample" };
const slowCommand = { text: "", calls: [{ name: "runCommand", input: { command: "sleep 3; node --test" } }] };
const script = [...plan, edit("a - b", "a + b"), slowCommand, answer];
let system: System;
beforeAll(async () => {
  system = await startSystem({ script, files: buggyRepository });
}, 60_000);
afterAll(() => system?.close());

const logged = (message: string) => system.lines.filter((line) => line.includes(`"message":"${message}"`));
async function repliesTo(issue_number: number): Promise<string[]> {
  const { data } = await system.maintainer.rest.issues.listComments({ ...at, issue_number });
  return data.filter(({ user }) => user?.type === "Bot").map(({ body }) => body ?? "");
}

test("a worker that is told to stop hands its execution to another one, and nothing is done or paid for twice", async () => {
  const { data: issue } = await system.maintainer.rest.issues.create({
    ...at,
    title: "add(2, 2) is 0",
    labels: ["afu9"],
  });
  await eventually("the agent to be in the middle of its work", async () =>
    (await system.db.prisma.agentMessage.count()) >= 7 ? true : undefined,
  );
  await system.startWorker();
  for (const pid of Object.values(system.worker.pids)) process.kill(pid, "SIGTERM");
  const execution = await system.finished(issue.number);
  expect({ status: execution.status, error: execution.error }).toEqual({ status: "succeeded", error: null });
  expect(execution.fence).toBe(2n);
  expect(logged("execution handed back")).toHaveLength(1);
  expect(logged("execution lost to another worker")).toEqual([]);

  const turns = await system.db.prisma.agentMessage.findMany();
  expect(turns.filter(({ message }) => JSON.stringify(message).includes('"role":"assistant"'))).toHaveLength(
    goodScript.length,
  );
  const { data: pulls } = await system.maintainer.rest.pulls.list({ ...at, state: "all" });
  expect(pulls).toHaveLength(1);
  expect(await repliesTo(issue.number)).toHaveLength(1);
}, 90_000);

test("a command in an edit, on a pull request or on a closed issue starts nothing", async () => {
  const before = await system.db.prisma.workflowExecution.count();
  const { rest } = system.maintainer;
  const { data: pulls } = await rest.pulls.list({ ...at, state: "all" });
  const pull = pulls[0]?.number ?? 0;
  await rest.issues.createComment({ ...at, issue_number: pull, body: "/afu9 run" });
  await eventually("the reply on the pull request", async () =>
    (await repliesTo(pull)).find((body) => body.includes("works on an issue. Write it there instead.")),
  );

  const { data: issue } = await rest.issues.create({ ...at, title: "Closed" });
  const { data: comment } = await rest.issues.createComment({
    ...at,
    issue_number: issue.number,
    body: "Hello",
  });
  await rest.issues.updateComment({ ...at, comment_id: comment.id, body: "/afu9 run" });
  await rest.issues.update({ ...at, issue_number: issue.number, state: "closed" });
  await rest.issues.createComment({ ...at, issue_number: issue.number, body: "/afu9 run" });
  await eventually("the reply on the closed issue", async () =>
    (await repliesTo(issue.number)).find((body) => body.includes("This issue is closed.")),
  );
  expect(await repliesTo(issue.number)).toHaveLength(1);
  expect(await system.db.prisma.workflowExecution.count()).toBe(before);
});

test("a reply whose answer was lost on the way is not given twice", async () => {
  const { data: issue } = await system.maintainer.rest.issues.create({ ...at, title: "A question" });
  await system.maintainer.rest.issues.createComment({
    ...at,
    issue_number: issue.number,
    body: "Can you do this?",
  });
  await system.github.addFault({
    method: "POST",
    path: "/repos/*/*/issues/*/comments",
    // The first is the answer to the person, the second the answer to AFU-9.
    status: 502,
    afterWrite: true,
    times: 2,
  });
  await system.maintainer.rest.issues
    .createComment({ ...at, issue_number: issue.number, body: "/afu9 help" })
    .catch(() => {});
  const delivery = await eventually("the delivery to be handled", async () => {
    const rows = await system.db.prisma.webhookDelivery.findMany({
      orderBy: { receivedAt: "desc" },
      take: 5,
    });
    return rows.find(
      ({ payload, status }) => status !== "received" && Buffer.from(payload).includes("/afu9 help"),
    );
  });
  expect(delivery.status).toBe("processed");
  expect(await repliesTo(issue.number)).toHaveLength(1);
});
