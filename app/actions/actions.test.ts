// A workflow of GitHub Actions asks for work, by the very script that the document gives.
import { execFile } from "node:child_process";
import { createHmac, randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { parse } from "yaml";
import { z } from "zod";
import { owner, repo } from "../../local/github/testing/world.ts";
import { actionsSecret, type OpenApp, openApp } from "../../test/open-app.ts";
import { policySettings } from "../policy/policy-settings.ts";
import { redeliver } from "../redeliver.ts";

const run = promisify(execFile);
const full = `${owner}/${repo}`;
let door: OpenApp;
beforeAll(async () => {
  door = await openApp();
  await member("onlooker", "read");
});
afterAll(() => door.close());

async function member(login: string, role: "read" | "write") {
  await door.world.github.createUser({ login });
  await door.world.github.setCollaborator(full, login, role);
}

/** An issue, and a run that a person has set off. */
async function asking(by = "maintainer", status: "in_progress" | "completed" = "in_progress") {
  const { world } = door;
  const { data } = await world.asPerson.rest.issues.create({ owner, repo, title: "A bug" });
  const { id } = await world.github.addWorkflowRun(full, { branch: "main", status, actor: by });
  return { number: data.number, run: id };
}

const Document = z.object({
  jobs: z.object({ ask: z.object({ steps: z.array(z.object({ run: z.string() })) }) }),
});

/** Runs the script of the document, as a runner does. Gives what it printed. */
async function runScript(about: { number: number; run: number }, env: Record<string, string> = {}) {
  const text = await readFile(join(import.meta.dirname, "../../docs/actions.md"), "utf8");
  const { jobs } = Document.parse(parse(text.match(/```yaml\n(.*?)```/s)?.[1] ?? ""));
  const { stdout } = await run("bash", ["-c", jobs.ask.steps[0]?.run ?? "exit 1"], {
    env: {
      PATH: process.env.PATH,
      AFU9_URL: door.url,
      AFU9_ACTIONS_SECRET: actionsSecret,
      GITHUB_REPOSITORY: full,
      GITHUB_RUN_ID: String(about.run),
      NUMBER: String(about.number),
      COMMAND: "run",
      ...env,
    },
  });
  return z.object({ delivery: z.string() }).parse(JSON.parse(stdout)).delivery;
}

async function send(call: object, { secret = actionsSecret, headers = {} } = {}): Promise<number> {
  const body = JSON.stringify(call);
  const signature = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
  const response = await fetch(`${door.url}/api/webhooks/actions`, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", "x-afu9-signature-256": signature, ...headers },
  });
  return response.status;
}
const now = () => Math.floor(Date.now() / 1_000);
const call = (about: object) => ({
  repository: full,
  number: 1,
  run: 1,
  command: "run",
  timestamp: now(),
  nonce: randomBytes(16).toString("hex"),
  ...about,
});

const executions = (issueNumber: number) =>
  door.db.prisma.workflowExecution.findMany({ where: { issueNumber }, include: { workflow: true } });
/** Does something while the operator's settings of who may do what are these. */
async function withPolicy(settings: object, work: () => Promise<unknown>) {
  const before = door.deps.policy;
  door.deps.policy = policySettings.parse(settings);
  await work();
  door.deps.policy = before;
}
const decisions = (issueNumber: number) =>
  door.db.prisma.triggerDecision.findMany({ where: { issueNumber } });
const outcome = async (delivery: string) => (await door.outcomes()).find(({ id }) => id === delivery);
async function replies(number: number): Promise<string[]> {
  const { issues } = await door.world.github.repository(full);
  return issues.find((issue) => issue.number === number)?.comments.map(({ body }) => body) ?? [];
}

test("the script of the document starts an execution, in the name of who set the run off", async () => {
  const about = await asking();
  const title = `it's "quoted" $(touch /tmp/never) \\ and ünïcode`;
  const delivery = await runScript(about, { COMMAND: `run ${title}` });
  expect(await outcome(delivery)).toMatchObject({ status: "processed", error: null });
  expect(await executions(about.number)).toMatchObject([
    {
      workflow: { name: "issue-to-pr" },
      deliveryId: delivery,
      commandCommentId: null,
      trigger: {
        kind: "command",
        needs: "write",
        at: expect.any(String),
        sender: { login: "maintainer", id: door.world.person.id },
        instructions: title,
      },
    },
  ]);
});

test("the script fails, and says why, when the secret is wrong", async () => {
  const about = await asking();
  const failed = runScript(about, { AFU9_ACTIONS_SECRET: "another secret, as long as the first" });
  await expect(failed).rejects.toMatchObject({ stdout: expect.stringContaining("does not fit the body") });
  expect(await executions(about.number)).toEqual([]);
});

test("who may only read is told on the issue which role it takes, once, and why tells it", async () => {
  const about = await asking("onlooker");
  const delivery = await runScript(about);
  await outcome(delivery);
  await door.world.asPerson.rest.issues.createComment({
    owner,
    repo,
    issue_number: about.number,
    body: "Oh.",
  });
  await redeliver(delivery, door.deps);
  expect(await outcome(delivery)).toMatchObject({ status: "processed", error: null });
  expect(await executions(about.number)).toEqual([]);
  expect(await replies(about.number)).toEqual([expect.stringContaining("needs the role `write`"), "Oh."]);
  expect(await decisions(about.number)).toMatchObject([
    { actor: "onlooker", wish: "/afu9 run", reason: expect.stringContaining("needs the role `write`") },
  ]);
});

test("a bot starts nothing, is not answered, and may when the operator lets it in", async () => {
  await door.world.github.createApp({ name: "nightly", permissions: {} });
  const about = await asking("nightly[bot]");
  expect(await outcome(await runScript(about))).toMatchObject({ status: "processed" });
  expect(await executions(about.number)).toEqual([]);
  expect(await replies(about.number)).toEqual([]);
  expect(await decisions(about.number)).toMatchObject([{ reason: expect.stringContaining("is a bot") }]);

  const { data } = await door.world.octokit.rest.actions.getWorkflowRun({ owner, repo, run_id: about.run });
  await withPolicy({ AFU9_ALLOWED_BOTS: String(data.triggering_actor?.id) }, async () =>
    outcome(await runScript(about)),
  );
  expect(await executions(about.number)).toMatchObject([{ trigger: { sender: { login: "nightly[bot]" } } }]);
});

test("a hold and a full hour are the same to a workflow as to a person", async () => {
  const held = await asking();
  await door.world.asPerson.rest.issues.addLabels({
    ...{ owner, repo, issue_number: held.number },
    labels: ["afu9/hold"],
  });
  await outcome(await runScript(held));
  expect(await executions(held.number)).toEqual([]);
  expect(await replies(held.number)).toEqual([expect.stringContaining("while the label `afu9/hold` is set")]);

  await member("eager", "write");
  const [one, more] = [await asking("eager"), await asking("eager")];
  await withPolicy({ AFU9_RATE_USER_HOUR: 1 }, async () => {
    await outcome(await runScript(one));
    await outcome(await runScript(more));
  });
  expect(await executions(one.number)).toHaveLength(1);
  expect(await executions(more.number)).toEqual([]);
  expect(await replies(more.number)).toEqual([expect.stringContaining("You have started 1 execution")]);
});

test.each(["cancel", "approve", "budget +5", "help"])("a workflow can't ask for `%s`", async (command) => {
  const about = await asking();
  await outcome(await runScript(about, { COMMAND: command }));
  expect(await replies(about.number)).toEqual([expect.stringContaining("only for what starts something")]);
});

test("of several commands each is carried out or answered", async () => {
  const about = await asking();
  await outcome(await runScript(about, { COMMAND: "run\n/afu9 cancel" }));
  expect(await executions(about.number)).toMatchObject([{ status: "queued" }]);
  expect(await replies(about.number)).toEqual([expect.stringContaining("> /afu9 cancel\n\nA workflow may")]);
});

test("what is no command gets its answer", async () => {
  const about = await asking();
  await outcome(await runScript(about, { COMMAND: "rnu" }));
  expect(await replies(about.number)).toEqual([expect.stringContaining("There is no `/afu9 rnu`")]);
});

test("the same call again is taken once", async () => {
  const about = await asking();
  const once = call(about);
  expect([await send(once), await send(once)]).toEqual([202, 202]);
  await door.outcomes();
  expect(await executions(about.number)).toHaveLength(1);
  // A second delivery would be answered that one is under way.
  expect(await replies(about.number)).toEqual([]);
});

test.each([-301, 330])("a call that was signed %i seconds from now is refused", async (seconds) => {
  const late = call({ ...(await asking()), timestamp: now() + seconds });
  expect(await send(late)).toBe(401);
  expect(await door.db.prisma.webhookDelivery.count({ where: { id: `actions-${late.nonce}` } })).toBe(0);
});

test.each([
  ["a run that has ended", "is not at work", () => asking("maintainer", "completed")],
  ["a run that is not there", "is not at work", async () => ({ ...(await asking()), run: 4711 })],
  [
    "a repository without the App",
    "is not installed",
    async () => ({ ...(await asking()), repository: "no/one" }),
  ],
  ["an issue that is not there", "There is no", async () => ({ ...(await asking()), number: 4711 })],
])("a call of %s fails with the reason and starts nothing", async (_name, reason, about) => {
  const before = await door.db.prisma.workflowExecution.count();
  const sent = call(await about());
  expect(await send(sent)).toBe(202);
  expect(await outcome(`actions-${sent.nonce}`)).toMatchObject({
    status: "failed",
    error: expect.stringContaining(reason),
  });
  expect(await door.db.prisma.workflowExecution.count()).toBe(before);
});

test.each([
  ["the webhook's secret", 401, call({}), { secret: "it's a secret" }],
  [
    "GitHub's header",
    401,
    call({}),
    { headers: { "x-afu9-signature-256": "", "x-hub-signature-256": "sha256=" } },
  ],
  ["another content type", 415, call({}), { headers: { "content-type": "text/plain" } }],
  ["a field too many", 400, call({ sender: "admin" }), {}],
  ["a short nonce", 400, call({ nonce: "1" }), {}],
  ["a path as the repository", 400, call({ repository: "a/b/../c" }), {}],
  ["more than 64 kB", 413, call({ command: "x".repeat(70_000) }), {}],
])("a call with %s is refused with %i", async (_name, status, body, how) => {
  const before = await door.db.prisma.webhookDelivery.count();
  expect(await send(body, how)).toBe(status);
  expect(await door.db.prisma.webhookDelivery.count()).toBe(before);
});
