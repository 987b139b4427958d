import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { eventually } from "../eventually.ts";
import { buggyRepository, goodScript } from "../sample.ts";
import { type System, startSystem } from "../system.ts";

const at = { owner: "acme", repo: "sample" };
let system: System;
beforeAll(async () => {
  system = await startSystem({ script: goodScript, files: buggyRepository });
}, 60_000);
afterAll(() => system?.close());

const replies = async (issue: number) => {
  const { data } = await system.maintainer.rest.issues.listComments({ ...at, issue_number: issue });
  return data.filter(({ user }) => user?.type === "Bot").map(({ body }) => body ?? "");
};
const reply = (issue: number, text: string) =>
  eventually(`a reply with "${text}"`, async () =>
    (await replies(issue)).find((body) => body.includes(text)),
  );
const executions = () => system.db.prisma.workflowExecution.count();
const comment = (as: System["maintainer"], issue_number: number, body: string) =>
  as.rest.issues.createComment({ ...at, issue_number, body });

test("who may only read is refused with the role that is needed, and nothing starts", async () => {
  const { data: issue } = await system.reader.rest.issues.create({ ...at, title: "add(2, 2) is 0" });
  await comment(system.reader, issue.number, "/afu9 run");
  const text = await reply(issue.number, "I can't start this for you");
  expect(text).toContain("> /afu9 run");
  expect(text).toContain("needs the role `write`");
  expect(text).toContain("yours is `read`");
  expect(await executions()).toBe(0);
});

test("an unknown command is answered with what to type; help lists the commands", async () => {
  const { data: issue } = await system.maintainer.rest.issues.create({ ...at, title: "A question" });
  await comment(system.maintainer, issue.number, "/afu9 rnu");
  await reply(issue.number, "There is no `/afu9 rnu`. Did you mean `run`? Try `/afu9 help`.");
  await comment(system.reader, issue.number, "/afu9 help");
  await reply(issue.number, "| `/afu9 run [instructions]` |");
  expect(await executions()).toBe(0);
});

test("`/afu9 run` by who may write starts once, and a second one is told so", async () => {
  const { data: issue } = await system.maintainer.rest.issues.create({ ...at, title: "add(2, 2) is 0" });
  await comment(system.maintainer, issue.number, "/afu9 run keep it short");
  await eventually("the execution to begin", async () => ((await executions()) === 1 ? true : undefined));
  await comment(system.maintainer, issue.number, "/afu9 run");
  await reply(issue.number, "I'm already working on this issue");
  const execution = await system.finished(issue.number);
  expect(execution.status).toBe("succeeded");
  expect(await executions()).toBe(1);

  const first = await system.db.prisma.agentMessage.findFirst({ where: { sequence: 0 } });
  expect(JSON.stringify(first?.message)).toContain("keep it short");
});

test("a delivery that GitHub sends again starts nothing", async () => {
  const before = await executions();
  const delivery = await system.db.prisma.webhookDelivery.findFirstOrThrow({
    where: { event: "issue_comment" },
    orderBy: { receivedAt: "desc" },
  });
  const { createHmac } = await import("node:crypto");
  const body = Buffer.from(delivery.payload);
  const send = (secret: string) =>
    fetch(`${system.app.url}/api/webhooks/github`, {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        "x-github-delivery": delivery.id,
        "x-github-event": delivery.event,
        "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
      },
    });
  expect((await send("a secret of the tests, 32 bytes!")).status).toBe(202);
  expect((await send("another secret")).status).toBe(401);
  expect(await system.db.prisma.webhookDelivery.count({ where: { id: delivery.id } })).toBe(1);
  expect(await executions()).toBe(before);
});
